"""Pays a list of orders with wechatpy, the way its manual shows, and keeps each result in SQLite.

    python on_wechatpy.py BASE_URL SECRETS ORDERS.csv RESULTS.db

WeChatPay, its arguments and its one exception: https://docs.wechatpy.org/zh-cn/stable/pay.html
`redpack.send` knows `sendredpack` only; the mini-program's red packet goes through `post`, on
which every method of the SDK is built. REQUESTS_CA_BUNDLE says whose server certificate is good.
"""

import csv
import sqlite3
import sys
import threading
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from wechatpy.exceptions import WeChatPayException
from wechatpy.pay import WeChatPay

base_url, secrets, orders, results = sys.argv[1:]
secrets = Path(secrets)
api_key = (secrets / "api_key").read_text().strip()
kept = threading.local()


def client():
    """A client for each thread: a session of requests is not for several at once."""
    if not hasattr(kept, "pay"):
        kept.pay = WeChatPay(
            appid="wx8888888888888888",
            api_key=api_key,
            mch_id="10000098",
            mch_cert=str(secrets / "apiclient_cert.pem"),
            mch_key=str(secrets / "apiclient_key.pem"),
            timeout=10,
        )
    return kept.pay


def send(order):
    """One red packet: its number, the result, and what tells more."""
    try:
        answer = client().post(
            base_url + "/mmpaymkttransfers/sendminiprogramhb",
            data={
                "mch_billno": order["mch_billno"],
                "wxappid": "wx8888888888888888",
                "send_name": "天虹百货",
                "re_openid": order["openid"],
                "total_amount": order["amount_fen"],
                "total_num": 1,
                "wishing": "感谢您参加猜灯谜活动，祝您元宵节快乐！",
                "act_name": "猜灯谜抢红包活动",
                "remark": "猜越多得越多，快来抢！",
                "notify_way": "MINI_PROGRAM_JSAPI",
            },
        )
        return order["mch_billno"], "paid", answer["send_listid"]
    except WeChatPayException as fault:
        return order["mch_billno"], "failed", f"{fault.errcode} {fault.errmsg}"
    except Exception as fault:
        return order["mch_billno"], "failed", repr(fault)


database = sqlite3.connect(results)
database.execute("CREATE TABLE result (mch_billno TEXT PRIMARY KEY, status TEXT, told TEXT)")
with open(orders, newline="") as file, ThreadPoolExecutor(max_workers=32) as pool:
    for sent in as_completed([pool.submit(send, order) for order in csv.DictReader(file)]):
        database.execute("INSERT INTO result VALUES (?, ?, ?)", sent.result())
        database.commit()
