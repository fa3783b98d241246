# 手机端的全部文案。每条都是完整的句子；变量见 src/texts/keys.rs。
# 任何文案都不得承诺收益。

## 错误：发生了什么，怎么办

error_offline = 没有网络连接，记录会保存在手机里，联网后自动同步。
error_not_our_server = 当前网络需要登录或被拦截，请检查网络后重试。
error_not_signed_in = 请先登录。
error_server_address = 服务器地址不正确，应以 https:// 开头。
error_store_full = 手机存储空间已满，请清理后继续；本次记录暂存在内存中。
error_store_locked = 数据正被另一个进程使用，请关闭后重试。
error_store_newer = 数据由更新版本的应用写入，请更新应用。
error_store_failed = 无法读写手机上的数据，请重启应用后重试。
error_key_store = 无法访问系统密钥库，请解锁手机后重试。
error_no_activity = 当前没有进行中的运动，请先开始。
error_activity_under_way = 已有进行中的运动，请先结束。
error_already_paused = 运动已暂停。
error_not_paused = 运动没有暂停。
error_no_such_record = 手机上没有这条记录。
error_no_such_line = 没有找到这条明细，请刷新后再看。
error_radio_off = 手环功能尚未启动，请先允许使用蓝牙。
error_no_such_band = 手机上没有这个手环，请重新配对。
error_gpx_too_large = 文件过大（超过 { $limit }），未导入；请拆分成较小的文件。
error_gpx_dtd = 第 { $line } 行含有文档类型定义，出于安全考虑未导入；请删除后重试。
error_gpx_truncated = 文件不完整（在第 { $line } 行中断），未导入；请重新导出。
error_gpx_syntax = 文件第 { $line } 行格式有误，未导入；请重新导出。
error_gpx_none = 这不是 GPX 1.0 或 1.1 文件，未导入；请选择其他文件。
error_gpx_field = 文件第 { $line } 行的“{ $name }”有误，未导入；请重新导出。
error_gpx_no_track = 文件中没有带时间的轨迹点，未导入；请选择含时间的轨迹。
error_gpx_file = 文件读写失败，请重试。
error_gpx_time = 该 GPX 文件的时间不正确（早于 1970 年或晚于现在），未导入；请检查文件和手机时间。
error_picture_failed = 图片生成失败，请重试。
error_export_failed = 导出文件写入失败，请检查存储空间后重试。
error_samples_invalid = 部分传感器数据无效，已忽略，其余已记录。
error_fix_invalid = 定位数据无效，已忽略。
error_reading_implausible = 计步器读数异常，已忽略，计步继续。
error_out_of_bounds = “{ field_name }”超出允许范围，请修改。
error_closed = 应用正在关闭，请重新打开。

field_name =
    { $field ->
        [height_cm] 身高
        [weight_kg] 体重
        [birth_year] 出生年份
        [phone] 手机号
        [code] 验证码
        [invite_code] 邀请码
        [text] 内容
        [heart_rate] 心率
        [buckets] 导入的步数
        [key] 密钥
        [name] 名称
        [title] 标题
        [note] 备注
        [max_heart_rate] 最大心率
        [day] 日期
        [reading] 计步器读数
        [daily_goal] 每日目标
        [max_heart_rate] 最大心率
        [from] 开始日期
        [to] 结束日期
        [activity] 运动记录
       *[other] { $field }
    }

## 需要告知的事

notice_store_damaged = 手机上的数据曾损坏。损坏的文件已另存，可读取的内容已恢复（{ $detail }）。

## 屏幕：无网络、空白

date = { $month }月{ $day }日

shown_offline_today = 无网络，以下是 { $time } 的数据。
shown_offline_earlier = 无网络，以下是 { date } { $time } 的数据。
as_of_today = 截至 { $time }
as_of_earlier = 截至 { date } { $time }
nothing_known_offline = 无网络，还没有可显示的内容。请联网后重试。
empty_records = 还没有运动记录。开始一次走路或跑步吧。
empty_statement = 还没有明细。每一笔变动都会在这里说明原因。
empty_filter = 没有符合条件的明细，请更换筛选条件。
empty_airdrop = 还没有空投记录。每天结束后在这里显示。
empty_team = 还没有人使用你的邀请码注册。
empty_messages = 还没有消息。
empty_consents = 还没有授权记录。

## 钱包、团队、规则

rewards_waiting = { $amount } 嗨贝奖励正在等待奖励池补足后发放。
tier_name =
    { $tier ->
        [junior] 初级合伙人
        [middle] 中级合伙人
        [senior] 高级合伙人
       *[none] 会员
    }
rules_to_accept = 规则已更新为第 { $version } 版，请阅读并确认。
rules_accepted = 你已于 { date } 确认第 { $version } 版规则。

## 记录与分享

activity =
    { $kind ->
        [run] 跑步
       *[walk] 步行
    }
record_title = { activity } { $date }
share_record = 我完成了一次{ activity }：{ $kilometres } 公里，用时 { duration }，{ $steps } 步。来自嗨购。
share_invite = 邀请你加入嗨购，一起走路跑步。邀请码 { $code }：{ $link }

## 分享图片（字形须在 fonts/glyphs.txt 中）

picture_brand = 嗨购
picture_kind = { activity }
picture_date = { $year }年{ date } { $time }
picture_date_imported = { picture_date }（导入）
picture_km = 公里
picture_per_km = /公里
picture_m = 米
picture_distance = 距离
picture_distance_estimated = 估算距离
picture_about = ≈{ $kilometres }
picture_time = 时间
picture_pace = 配速
picture_steps = 步数
picture_climb = 爬升
picture_scale_m = { $metres } 米
picture_scale_km = { $kilometres } 公里

## 语音播报

duration =
    { $hours ->
        [0]
            { $minutes ->
                [0] { $seconds } 秒
               *[other]
                    { $seconds ->
                        [0] { $minutes } 分钟
                       *[other] { $minutes } 分 { $seconds } 秒
                    }
            }
       *[other]
            { $seconds ->
                [0]
                    { $minutes ->
                        [0] { $hours } 小时
                       *[other] { $hours } 小时 { $minutes } 分钟
                    }
               *[other] { $hours } 小时 { $minutes } 分 { $seconds } 秒
            }
    }

speech_started =
    { $kind ->
        [run] 开始跑步
       *[walk] 开始步行
    }
speech_paused = 运动已暂停
speech_resumed = 运动继续
speech_kilometre = { $kilometre } 公里，用时 { duration }
speech_finished = 运动结束，{ $kilometres } 公里，用时 { duration }
speech_finished_short = 运动结束，{ $metres } 米，用时 { duration }

## 手环

band_connecting = 正在连接手环。
band_preparing = 已连接，正在设置手环。
band_catching_up = 正在读取手环里的记录，已读取 { $minutes } 分钟。
band_live = 手环已连接，正在计步。
band_next_try = { duration_of_seconds }后自动重试。
band_stopped = 已停止重试，处理后请点“重新连接”。
duration_of_seconds = { $seconds } 秒

trouble_no_bluetooth = 这台设备没有蓝牙，无法使用手环。步数仍由手机记录。
trouble_bluetooth_off = 蓝牙已关闭，请打开蓝牙。
trouble_not_permitted = 应用没有蓝牙权限，请在系统设置中允许。
trouble_system_silent = 系统蓝牙没有响应，请关闭再打开蓝牙，或重启手机。
trouble_not_found = 没有找到手环，请靠近手环，并断开它与其他手机的连接。
trouble_lost = 与手环的连接断开了，请靠近手环。
trouble_silent = 手环已连接但没有数据，请确认手环已戴好，必要时重启手环。
trouble_key_needed = 这款手环需要密钥，请在手环设置中填写。
trouble_key_wrong = 手环密钥不正确，请核对后重新填写。
trouble_not_understood = 无法识别这款手环发来的数据，请更新应用，或改用其他手环。
trouble_not_stored = 手环数据无法保存，请清理手机存储空间；数据仍在手环里。

## 消息

asset =
    { $asset ->
        [hi_value] 嗨值
        [hi_shell] 嗨贝
        [challenge] 挑战金
        [shopping] 购物金
       *[cash] 元现金
    }
doubt =
    { $doubt ->
        [overlap] 这段时间已由本设备或其他设备上报，每分钟只计一次。
        [future] 这段时间还没有到来，请校准手机时钟。
        [too_old] 上报过晚，无法再计入。
        [cadence_too_high] 步频超出人的范围。
        [too_regular] 步伐几乎没有变化，像是机器摇动。
        [stride] 每一步的距离与走路或跑步不符。
        [too_fast] 移动速度超出步行或跑步的可能。
        [mock_positions] 系统提示部分位置是模拟的。
        [clock_changed] 运动期间手机时钟被更改。
        [inconsistent] 运动汇总与逐分钟记录不一致。
        [no_rest] 长时间没有任何停顿，也没有移动距离。
        [activity_overlap] 与另一次运动的时间重叠。
       *[other] 未通过核对。
    }

message_booked =
    { $event ->
        [registration] 注册奖励
        [airdrop] 空投
        [steps] 运动解冻
        [payment] 商城支付
        [receipt] 商城订单完成
        [refund] 退款
        [bill] 到店消费
        [transfer] 嗨贝转赠
        [sale] 嗨贝回收
        [listing] 嗨贝挂单
        [unlisting] 嗨贝撤单
        [take] 挂单成交
        [conversion] 挑战金兑换
        [merchant] 商家审核通过
        [centre] 运营中心审核通过
        [appointment] 合伙人任命
        [refill] 待发奖励已发放
        [opening] 期初余额
       *[other] 账户变动
    }
message_came = +{ $amount } { asset }
message_went = -{ $amount } { asset }
message_unfrozen = 解冻 { $amount } 挑战金
message_booked_more = 点开可查看每一笔的原因。
message_airdrop = { date }空投
message_airdrop_share = 获得 { $share } 嗨贝（本人生效嗨值 { $own }，全网 { $network }）。
message_not_counted = { $steps } 步未计入
message_not_counted_why = { date } { $from }–{ $to }：{ doubt }如有异议可以申诉。
message_appeal =
    { $status ->
        [granted] 申诉通过
       *[refused] 申诉未通过
    }
message_appeal_day = 关于 { date } 的步数。
message_refused = { $minutes } 分钟的记录未被服务器接受。记录仍保存在手机里，更新应用后可重试。
message_rules = 规则已更新为第 { $version } 版
message_rules_more = 请阅读并确认新规则。
message_band_stopped = 手环“{ $name }”已停止连接
message_band_empty = 手环“{ $name }”电量低
message_band_charge = 剩余电量 { $percent }%，请充电。
message_notice = 提醒
