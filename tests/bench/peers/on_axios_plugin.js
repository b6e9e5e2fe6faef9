// Pays a list of orders with wechatpay-axios-plugin, the way its manual shows, and keeps each
// result in SQLite.
//
//     node on_axios_plugin.js BASE_URL SECRETS ORDERS.csv RESULTS.db
//
// The client: https://wechatpay.js.org/guide/getting-started#init
// The red packet: https://wechatpay.js.org/openapi/v2/mmpaymkttransfers/sendminiprogramhb
// NODE_EXTRA_CA_CERTS says whose server certificate is good.

const { readFileSync } = require('fs');
const { join } = require('path');
const { Database } = require('node-sqlite3-wasm');
const { Wechatpay } = require('wechatpay-axios-plugin');

const [baseURL, secrets, orders, results] = process.argv.slice(2);
const read = (name) => readFileSync(join(secrets, name));

const wxpay = new Wechatpay({
  baseURL: `${baseURL}/`,
  timeout: 10000,
  mchid: '10000098',
  secret: read('api_key').toString().trim(),
  merchant: { cert: read('apiclient_cert.pem'), key: read('apiclient_key.pem') },
  // What APIv3 wants, and no red packet uses.
  serial: '0',
  privateKey: read('apiclient_key.pem').toString(),
  certs: { any: read('apiclient_cert.pem').toString() },
});

async function send({ mch_billno, openid, amount_fen }) {
  try {
    const { data } = await wxpay.v2.mmpaymkttransfers.sendminiprogramhb.post({
      mch_billno,
      mch_id: '10000098',
      wxappid: 'wx8888888888888888',
      send_name: '天虹百货',
      re_openid: openid,
      total_amount: amount_fen,
      total_num: '1',
      wishing: '感谢您参加猜灯谜活动，祝您元宵节快乐！',
      act_name: '猜灯谜抢红包活动',
      remark: '猜越多得越多，快来抢！',
      notify_way: 'MINI_PROGRAM_JSAPI',
    }, { security: true });
    return [mch_billno, 'paid', data.send_listid];
  } catch (fault) {
    return [mch_billno, 'failed', `${fault.response?.data?.err_code ?? ''} ${fault.message}`];
  }
}

async function main() {
  const database = new Database(results);
  database.exec('CREATE TABLE result (mch_billno TEXT PRIMARY KEY, status TEXT, told TEXT)');
  const insert = database.prepare('INSERT INTO result VALUES (?, ?, ?)');
  const lines = readFileSync(orders, 'utf8').trim().split('\n').slice(1);
  const next = lines.values();
  const work = async () => {
    for (const line of next) {
      const [mch_billno, openid, amount_fen] = line.split(',');
      insert.run(await send({ mch_billno, openid, amount_fen }));
    }
  };
  await Promise.all(Array.from({ length: 32 }, work));
  insert.finalize();
  database.close();
}

main();
