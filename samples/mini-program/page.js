// A page that opens the red packets of whoever scanned its code: 打开红包的页面.
// WeChat refuses wx.sendBizRedPacket outside a launch by scanning, so that all is checked before
// the server is asked: scene, base library, login, and then how old each packet is.
const SERVER = 'https://example.com/claims'
const SCANNED = [1011, 1025, 1047, 1124]

const say = (title) => wx.showModal({ title: '红包', content: title, showCancel: false })

const login = () => new Promise((resolve, reject) => {
  wx.login({ success: (it) => resolve(it.code), fail: reject })
})

const ask = (code) => new Promise((resolve, reject) => {
  // The server learns the openid from the code. None is sent along, and none would be believed.
  wx.request({
    url: SERVER,
    method: 'POST',
    data: { code },
    success: (it) => (it.statusCode === 200 ? resolve(it.data) : reject(it.statusCode)),
    fail: reject,
  })
})

const open = (claim) => new Promise((resolve) => {
  wx.sendBizRedPacket({
    timeStamp: String(claim.timeStamp), // a number is refused
    nonceStr: claim.nonceStr,
    package: claim.package, // as the server gave it: encoded once, and signed so
    signType: claim.signType,
    paySign: claim.paySign,
    success: () => resolve(true), // the dialog was shown: no proof that it was claimed
    fail: () => resolve(false),
  })
})

Page({
  data: { busy: false },

  async tap() {
    if (this.data.busy) return
    const launch = wx.getEnterOptionsSync ? wx.getEnterOptionsSync() : wx.getLaunchOptionsSync()
    if (!SCANNED.includes(launch.scene)) return say('请扫描二维码进入后领取')
    if (!wx.sendBizRedPacket) return say('请升级微信后领取') // base library 1.2.0
    // The code may carry until when its packets can be opened, in seconds since 1970.
    const { until } = launch.query || {}
    if (until && until * 1000 <= Date.now()) return say('红包已超过 24 小时，无法领取')
    this.setData({ busy: true })
    try {
      const claims = await ask(await login())
      const fresh = claims.filter((it) => Date.parse(it.expires_at) > Date.now())
      if (!fresh.length) return say('没有可领取的红包，或已超过 24 小时')
      // One at a time, the soonest to lapse first.
      fresh.sort((a, b) => Date.parse(a.expires_at) - Date.parse(b.expires_at))
      if (!(await open(fresh[0]))) say('未能打开红包，请稍后再试')
    } catch (status) {
      say(status === 429 ? '操作太频繁，请稍后再试' : '网络繁忙，请稍后再试')
    } finally {
      this.setData({ busy: false })
    }
  },
})
