//! Replies as published by WeChat Pay or posted by merchants, scalar values as they were.
//! Fields that a post left out are left out here.

pub(super) const MINI_SEND_SUCCESS_OFFICIAL: &str = "<xml>
<return_code><![CDATA[SUCCESS]]></return_code>
<return_msg><![CDATA[发放成功]]></return_msg>
<result_code><![CDATA[SUCCESS]]></result_code>
<err_code><![CDATA[SUCCESS]]></err_code>
<err_code_des><![CDATA[发放成功]]></err_code_des>
<mch_billno><![CDATA[2334580734271081478888000026]]></mch_billno>
<mch_id><![CDATA[11475856]]></mch_id>
<wxappid><![CDATA[wxd27ebc41b85ce36d]]></wxappid>
<re_openid><![CDATA[oeDV3t7xy1IkfYFzgOsCZvdRzx3U]]></re_openid>
<total_amount>10</total_amount>
<send_listid><![CDATA[1000041701201609263000000204000]]></send_listid>
<package><![CDATA[sendid=242e8abd163d300019b2cae74ba8e8c06e3f0e51ab84d16b3c80decd22a5b672&\
ver=8&sign=4110d649a5aef52dd6b95654ddf91ca7d5411ac159ace4e1a766b7d3967a1c3dfe1d256811445a4\
abda2d9cfa4a9b377a829258bd00d90313c6c346f2349fe5d&mchid=11475856&appid=wxd27ebc41b85ce36d]\
]></package>
</xml>";

pub(super) const SEND_FAIL_OLD_OFFICIAL: &str = "<xml>
<return_code><![CDATA[FAIL]]></return_code>
<return_msg><![CDATA[系统繁忙,请稍后再试.]]></return_msg>
<result_code><![CDATA[FAIL]]></result_code>
<err_code><![CDATA[268458547]]></err_code>
<err_code_des><![CDATA[系统繁忙,请稍后再试.]]></err_code_des>
<mch_billno><![CDATA[0010010404201411170000046542]]></mch_billno>
<mch_id><![CDATA[10010404]]></mch_id>
<wxappid><![CDATA[wx6fa7e3bab7e15415]]></wxappid>
<re_openid><![CDATA[onqOjjmM1tad-3ROpncN-yUfa6uI]]></re_openid>
<total_amount>1</total_amount>
</xml>";

pub(super) const SEND_SUCCESS_OLD_OFFICIAL: &str = "<xml>
<return_code><![CDATA[SUCCESS]]></return_code>
<return_msg><![CDATA[发放成功.]]></return_msg>
<result_code><![CDATA[SUCCESS]]></result_code>
<err_code><![CDATA[0]]></err_code>
<err_code_des><![CDATA[发放成功.]]></err_code_des>
<mch_billno><![CDATA[0010010404201411170000046545]]></mch_billno>
<mch_id><![CDATA[10010404]]></mch_id>
<wxappid><![CDATA[wx6fa7e3bab7e15415]]></wxappid>
<re_openid><![CDATA[onqOjjmM1tad-3ROpncN-yUfa6uI]]></re_openid>
<total_amount>1</total_amount>
</xml>";

pub(super) const SEND_FAIL_SENDNUM_LIMIT: &str = "<xml>
<return_code><![CDATA[SUCCESS]]></return_code>
<return_msg><![CDATA[该用户今日操作次数超过限制,如有需要请登录微信支付商户平台更改API安全配置]]></return_msg>
<result_code><![CDATA[FAIL]]></result_code>
<err_code><![CDATA[SENDNUM_LIMIT]]></err_code>
<err_code_des><![CDATA[该用户今日操作次数超过限制,如有需要请登录微信支付商户平台更改API安全配置]]></err_code_des>
<mch_billno><![CDATA[20190621175230]]></mch_billno>
<total_amount>3000</total_amount>
</xml>";

pub(super) const SEND_FAIL_PROCESSING: &str = "<xml>
<return_code><![CDATA[SUCCESS]]></return_code>
<return_msg><![CDATA[请求已受理，请稍后使用原单号查询发放结果]]></return_msg>
<result_code><![CDATA[FAIL]]></result_code>
<err_code><![CDATA[PROCESSING]]></err_code>
<err_code_des><![CDATA[请求已受理，请稍后使用原单号查询发放结果]]></err_code_des>
<mch_billno><![CDATA[10201909194318884592]]></mch_billno>
</xml>";

pub(super) const SEND_FAIL_SYSTEMERROR: &str = "<xml>
<return_code><![CDATA[SUCCESS]]></return_code>
<return_msg><![CDATA[系统错误,请稍后使用原单号重试,请勿更换单号]]></return_msg>
<result_code><![CDATA[FAIL]]></result_code>
<err_code><![CDATA[SYSTEMERROR]]></err_code>
<err_code_des><![CDATA[系统错误,请稍后使用原单号重试,请勿更换单号]]></err_code_des>
</xml>";

pub(super) const SEND_FAIL_NO_AUTH_RISK: &str = "<xml>
<return_code><![CDATA[SUCCESS]]></return_code>
<return_msg><![CDATA[发放失败，此请求可能存在风险，已被微信拦截]]></return_msg>
<result_code><![CDATA[FAIL]]></result_code>
<err_code><![CDATA[NO_AUTH]]></err_code>
<err_code_des><![CDATA[发放失败，此请求可能存在风险，已被微信拦截]]></err_code_des>
<total_amount>100</total_amount>
</xml>";

pub(super) const SEND_FAIL_NO_AUTH_IP: &str = "<xml>
<return_code><![CDATA[SUCCESS]]></return_code>
<return_msg><![CDATA[IP地址非你在商户平台设置的可用IP地址]]></return_msg>
<result_code><![CDATA[FAIL]]></result_code>
<err_code><![CDATA[NO_AUTH]]></err_code>
<err_code_des><![CDATA[IP地址非你在商户平台设置的可用IP地址]]></err_code_des>
</xml>";

pub(super) const SEND_FAIL_CA_EXPIRED: &str = "<xml>
<return_code><![CDATA[SUCCESS]]></return_code>
<return_msg><![CDATA[证书已过期]]></return_msg>
<result_code><![CDATA[FAIL]]></result_code>
<err_code><![CDATA[CA_ERROR]]></err_code>
<err_code_des><![CDATA[证书已过期]]></err_code_des>
<mch_billno><![CDATA[r20200721123400111888173]]></mch_billno>
</xml>";

pub(super) const SEND_FAIL_SIGN: &str = "<xml>
<return_code><![CDATA[SUCCESS]]></return_code>
<return_msg><![CDATA[签名错误]]></return_msg>
<result_code><![CDATA[FAIL]]></result_code>
<err_code><![CDATA[SIGN_ERROR]]></err_code>
<err_code_des><![CDATA[签名错误]]></err_code_des>
<mch_billno><![CDATA[1495694052201905068731399849]]></mch_billno>
<total_amount>100</total_amount>
</xml>";

pub(super) const SEND_FAIL_PARAM_SEND_NAME: &str = "<xml>
<return_code><![CDATA[SUCCESS]]></return_code>
<return_msg><![CDATA[参数错误:send_name字段必填,并且少于32字符]]></return_msg>
<result_code><![CDATA[FAIL]]></result_code>
<err_code><![CDATA[PARAM_ERROR]]></err_code>
<err_code_des><![CDATA[参数错误:send_name字段必填,并且少于32字符]]></err_code_des>
</xml>";

pub(super) const SEND_FAIL_PARAM_BILLNO: &str = "<xml>
<return_code><![CDATA[SUCCESS]]></return_code>
<return_msg><![CDATA[参数错误:输入的商户订单号有误]]></return_msg>
<result_code><![CDATA[FAIL]]></result_code>
<err_code><![CDATA[PARAM_ERROR]]></err_code>
<err_code_des><![CDATA[参数错误:输入的商户订单号有误]]></err_code_des>
</xml>";

pub(super) const SEND_FAIL_PARAM_SCENE: &str = "<xml>
<return_code><![CDATA[SUCCESS]]></return_code>
<return_msg><![CDATA[参数错误:该场景未开通,请登陆商户平台:产品中心-现金红包-产品设置-使用场景 进行开通]]></return_msg>
<result_code><![CDATA[FAIL]]></result_code>
<err_code><![CDATA[PARAM_ERROR]]></err_code>
<err_code_des><![CDATA[参数错误:该场景未开通,请登陆商户平台:产品中心-现金红包-产品设置-使用场景 进行开通]]></err_code_des>
</xml>";

pub(super) const SEND_FAIL_ILLEGAL_APPID: &str = "<xml>
<return_code><![CDATA[SUCCESS]]></return_code>
<return_msg><![CDATA[非法appid,请确认是否为公众号的appid]]></return_msg>
<result_code><![CDATA[FAIL]]></result_code>
<err_code><![CDATA[ILLEGAL_APPID]]></err_code>
<err_code_des><![CDATA[非法appid,请确认是否为公众号的appid]]></err_code_des>
</xml>";

pub(super) const QUERY_RECEIVED_WXJAVA: &str = "<xml>
<return_code><![CDATA[SUCCESS]]></return_code>
<return_msg><![CDATA[OK]]></return_msg>
<result_code><![CDATA[SUCCESS]]></result_code>
<err_code><![CDATA[SUCCESS]]></err_code>
<err_code_des><![CDATA[OK]]></err_code_des>
<mch_billno><![CDATA[1473919402201801230145075410]]></mch_billno>
<mch_id><![CDATA[1497236182]]></mch_id>
<detail_id><![CDATA[1000041701201801233000139830103]]></detail_id>
<status><![CDATA[RECEIVED]]></status>
<send_type><![CDATA[API]]></send_type>
<hb_type><![CDATA[NORMAL]]></hb_type>
<total_num>1</total_num>
<total_amount>100</total_amount>
<send_time><![CDATA[2018-01-23 13:45:08]]></send_time>
<hblist>
<hbinfo>
<openid><![CDATA[o3yHF0uHuckI3yE6lwWiFQBQdVDI]]></openid>
<amount>100</amount>
<rcv_time><![CDATA[2018-01-23 13:45:31]]></rcv_time>
</hbinfo>
</hblist>
</xml>";

pub(super) const QUERY_RECEIVED_OFFICIAL: &str = "<xml>
<return_code><![CDATA[SUCCESS]]></return_code>
<return_msg><![CDATA[OK]]></return_msg>
<result_code><![CDATA[SUCCESS]]></result_code>
<err_code><![CDATA[SUCCESS]]></err_code>
<err_code_des><![CDATA[OK]]></err_code_des>
<mch_billno><![CDATA[9010080799701411170000046603]]></mch_billno>
<mch_id><![CDATA[11475856]]></mch_id>
<detail_id><![CDATA[10000417012016080830956240040]]></detail_id>
<status><![CDATA[RECEIVED]]></status>
<send_type><![CDATA[ACTIVITY]]></send_type>
<hb_type><![CDATA[NORMAL]]></hb_type>
<total_num>1</total_num>
<total_amount>100</total_amount>
<send_time><![CDATA[2016-08-08 21:49:22]]></send_time>
<hblist>
<hbinfo>
<openid><![CDATA[oHkLxtzmyHXX6FW_cAWo_orTSRXs]]></openid>
<amount>100</amount>
<rcv_time><![CDATA[2016-08-08 21:49:46]]></rcv_time>
</hbinfo>
</hblist>
</xml>";

pub(super) const QUERY_SENDING_WITH_REASON: &str = "<xml>
<return_code><![CDATA[SUCCESS]]></return_code>
<return_msg><![CDATA[OK]]></return_msg>
<result_code><![CDATA[SUCCESS]]></result_code>
<err_code><![CDATA[SUCCESS]]></err_code>
<err_code_des><![CDATA[OK]]></err_code_des>
<mch_billno><![CDATA[z1641319818986520576]]></mch_billno>
<detail_id><![CDATA[1000041701202303303040558870356]]></detail_id>
<status><![CDATA[SENDING]]></status>
<send_type><![CDATA[API]]></send_type>
<hb_type><![CDATA[NORMAL]]></hb_type>
<total_num>1</total_num>
<total_amount>48000</total_amount>
<reason><![CDATA[该用户今日领取金额超过限制,如有需要请登录微信支付商户平台更改API安全配置]]></reason>
<send_time><![CDATA[2023-03-30 14:02:20]]></send_time>
</xml>";

pub(super) const QUERY_SENT_NO_HBLIST: &str = "<xml>
<return_code><![CDATA[SUCCESS]]></return_code>
<return_msg><![CDATA[OK]]></return_msg>
<result_code><![CDATA[SUCCESS]]></result_code>
<err_code><![CDATA[SUCCESS]]></err_code>
<err_code_des><![CDATA[OK]]></err_code_des>
<detail_id><![CDATA[1000041701202107173022407XXXXX]]></detail_id>
<status><![CDATA[SENT]]></status>
<send_type><![CDATA[API]]></send_type>
<hb_type><![CDATA[NORMAL]]></hb_type>
<total_num>1</total_num>
<total_amount>110</total_amount>
<send_time><![CDATA[2021-07-17 16:14:32]]></send_time>
</xml>";

pub(super) const QUERY_NOT_FOUND_REAL: &str = "<xml>
<return_code><![CDATA[SUCCESS]]></return_code>
<return_msg><![CDATA[指定单号数据不存在]]></return_msg>
<result_code><![CDATA[FAIL]]></result_code>
<err_code><![CDATA[NOT_FOUND]]></err_code>
<err_code_des><![CDATA[指定单号数据不存在]]></err_code_des>
<mch_id><![CDATA[1607716150]]></mch_id>
<mch_billno><![CDATA[1617334655bac]]></mch_billno>
</xml>";

pub(super) const QUERY_NOT_FOUND_DOC: &str = "<xml>
<return_code><![CDATA[FAIL]]></return_code>
<return_msg><![CDATA[指定单号数据不存在]]></return_msg>
<result_code><![CDATA[FAIL]]></result_code>
<err_code><![CDATA[SYSTEMERROR]]></err_code>
<err_code_des><![CDATA[指定单号数据不存在]]></err_code_des>
<mch_id><![CDATA[666]]></mch_id>
<mch_billno><![CDATA[1000005901201407261446939688]]></mch_billno>
</xml>";
