// A backend that hands out what opens a person's own red packets: 领取参数的后台. Node 18 or later.
// APPID=wx… APP_SECRET_FILE=… CAMPAIGN=campaign.toml node server.js, behind a proxy that speaks TLS.
const { createServer } = require('http')
const { execFile } = require('child_process')
const { readFileSync } = require('fs')

const { APPID, APP_SECRET_FILE, CAMPAIGN, PORT = 8080, HONGBAO = 'hongbao' } = process.env
const { CODE2SESSION = 'https://api.weixin.qq.com/sns/jscode2session' } = process.env
const secret = readFileSync(APP_SECRET_FILE, 'utf8').trim()
const calls = { all: 0, by: new Map() }
setInterval(() => { calls.all = 0; calls.by.clear() }, 60000).unref()

// The openid is WeChat's word about the code. Nothing else of the request is looked at.
const openidOf = async (code) => {
  const query = { appid: APPID, secret, js_code: code, grant_type: 'authorization_code' }
  const session = await (await fetch(`${CODE2SESSION}?${new URLSearchParams(query)}`)).json()
  return /^[\w-]{6,32}$/.test(session.openid || '') && session.openid[0] !== '-' ? session.openid : null
}

// No shell, no log. Exit code 3: nothing can be opened now; 2: nobody of that openid is on the list.
const claimsOf = (openid) => new Promise((resolve, reject) => {
  execFile(HONGBAO, ['claims', CAMPAIGN, openid], { maxBuffer: 1 << 20 }, (fault, stdout) => {
    // A row key may look like somebody's openid: only their own.
    if (!fault) resolve(JSON.parse(stdout).filter((it) => it.openid === openid))
    else if (fault.code === 2 || fault.code === 3) resolve([])
    else reject(new Error('claims')) // never the fault itself: it holds the command's output
  })
})

const read = async (request) => {
  let text = ''
  for await (const part of request) if ((text += part).length > 1000) throw new Error('long')
  return String(JSON.parse(text).code)
}

createServer(async (request, response) => {
  const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' }
  const answer = (status, body) => response.writeHead(status, headers).end(JSON.stringify(body))
  try {
    if (request.method !== 'POST' || request.url !== '/claims') return answer(404, [])
    if (++calls.all > 600) return answer(429, []) // a minute, from all
    const openid = await openidOf(await read(request))
    if (!openid) return answer(401, [])
    calls.by.set(openid, (calls.by.get(openid) || 0) + 1)
    if (calls.by.get(openid) > 6) return answer(429, []) // a minute, from one person
    return answer(200, await claimsOf(openid))
  } catch { return answer(500, []) }
}).listen(PORT, '127.0.0.1')
