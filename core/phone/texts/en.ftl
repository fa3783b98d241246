# Everything the phone says. Each is a whole sentence; its variables stand in src/texts/keys.rs.
# No text promises a return.

## Errors: what happened, and what to do

error_offline = No connection. Everything is kept on the phone and synced later.
error_not_our_server = This network asks for a sign-in of its own or blocks us. Check it and try again.
error_not_signed_in = Sign in first.
error_server_address = The server's address isn't right. It begins with https://.
error_store_full = The phone's storage is full. Free some space; what is being recorded waits in memory.
error_store_locked = Another copy of the app uses the data. Close it and try again.
error_store_newer = The data was written by a newer version of the app. Update the app.
error_store_failed = The data on the phone can't be read or written. Restart the app and try again.
error_key_store = The phone's key store can't be used. Unlock the phone and try again.
error_no_activity = Nothing is being recorded. Start a walk or run first.
error_activity_under_way = A walk or run is being recorded already. Finish it first.
error_already_paused = It is paused already.
error_not_paused = It isn't paused.
error_no_such_record = There is no such record on this phone.
error_no_such_line = There is no such line of the statement. Refresh and look again.
error_radio_off = Bands aren't looked for yet. Allow the app to use Bluetooth first.
error_no_such_band = There is no such band on this phone. Pair it again.
error_gpx_too_large = The file is too large (over { $limit }) and wasn't imported. Cut it into smaller ones.
error_gpx_dtd = Line { $line } has a document type definition, so the file wasn't imported. Remove it and try again.
error_gpx_truncated = The file ends in the middle, in line { $line }, and wasn't imported. Export it again.
error_gpx_syntax = Line { $line } of the file isn't well-formed, so it wasn't imported. Export it again.
error_gpx_none = This isn't a GPX 1.0 or 1.1 file, so it wasn't imported. Choose another.
error_gpx_field = “{ $name }” in line { $line } of the file isn't right, so it wasn't imported. Export it again.
error_gpx_no_track = The file has no track point with a time, so it wasn't imported. Choose a track with times.
error_gpx_file = The file couldn't be read or written. Try again.
error_gpx_time = The times in this GPX file lie before 1970 or in the future, so it wasn't imported. Check the file and the phone's clock.
error_picture_failed = The picture couldn't be made. Try again.
error_export_failed = The export couldn't be written. Check the storage and try again.
error_samples_invalid = Some sensor readings were no numbers and were left out; the others were taken.
error_fix_invalid = The position isn't valid and was left out.
error_reading_implausible = The step counter's reading can't be true and was left out; counting goes on.
error_out_of_bounds = “{ field_name }” is out of bounds. Correct it.
error_closed = The app is closing. Open it again.

field_name =
    { $field ->
        [height_cm] Height
        [weight_kg] Weight
        [birth_year] Year of birth
        [phone] Phone number
        [code] Code
        [invite_code] Invite code
        [text] Text
        [heart_rate] Heart rate
        [buckets] Imported steps
        [key] Key
        [name] Name
        [title] title
        [note] note
        [max_heart_rate] greatest heart rate
        [day] Day
        [reading] Step counter's reading
        [daily_goal] Daily goal
        [max_heart_rate] Maximum heart rate
        [from] First day
        [to] Last day
        [activity] Activity
       *[other] { $field }
    }

## What has to be told

notice_store_damaged = The data on this phone was damaged. The damaged file was put aside, and what could be read was kept ({ $detail }).

## Screens: offline, empty

date =
    { $month ->
        [1] { $day } January
        [2] { $day } February
        [3] { $day } March
        [4] { $day } April
        [5] { $day } May
        [6] { $day } June
        [7] { $day } July
        [8] { $day } August
        [9] { $day } September
        [10] { $day } October
        [11] { $day } November
       *[12] { $day } December
    }

shown_offline_today = Offline. Shown as of { $time }.
shown_offline_earlier = Offline. Shown as of { date }, { $time }.
as_of_today = As of { $time }
as_of_earlier = As of { date }, { $time }
nothing_known_offline = Offline, and nothing is known yet. Connect and try again.
empty_records = No walks or runs yet. Start one.
empty_statement = Nothing was booked yet. Every change will stand here with its reason.
empty_filter = No line fits. Choose another filter.
empty_airdrop = No airdrop yet. Each day stands here when it is over.
empty_team = Nobody has registered with your code yet.
empty_messages = No messages yet.
empty_consents = No consents yet.

## Wallet, team, rules

rewards_waiting = { $amount } Hi-Shell of rewards wait until the reward pool is filled.
tier_name =
    { $tier ->
        [junior] Junior partner
        [middle] Middle partner
        [senior] Senior partner
       *[none] Member
    }
rules_to_accept = Version { $version } of the rules is in force. Read and accept it.
rules_accepted = You accepted version { $version } of the rules on { date }.

## Records and sharing

activity =
    { $kind ->
        [run] Run
       *[walk] Walk
    }
record_title = { activity } { $date }
share_record =
    { $kind ->
        [run] I ran { $kilometres } km in { duration }, { steps }. From Haigou.
       *[walk] I walked { $kilometres } km in { duration }, { steps }. From Haigou.
    }
steps =
    { $steps ->
        [one] { $steps } step
       *[other] { $steps } steps
    }
share_invite = Join me on Haigou for walks and runs. Invite code { $code }: { $link }

## The share picture

picture_brand = Haigou
picture_kind = { activity }
picture_date = { date } { $year }, { $time }
picture_date_imported = { picture_date } (imported)
picture_km = km
picture_per_km = /km
picture_m = m
picture_distance = Distance
picture_distance_estimated = Estimated distance
picture_about = ≈{ $kilometres }
picture_time = Time
picture_pace = Pace
picture_steps = Steps
picture_climb = Climb
picture_scale_m = { $metres } m
picture_scale_km = { $kilometres } km

## Speech

duration =
    { $hours ->
        [0]
            { $minutes ->
                [0] { seconds }
               *[other]
                    { $seconds ->
                        [0] { minutes }
                       *[other] { minutes } { seconds }
                    }
            }
       *[other]
            { $seconds ->
                [0]
                    { $minutes ->
                        [0] { hours }
                       *[other] { hours } { minutes }
                    }
               *[other] { hours } { minutes } { seconds }
            }
    }
hours =
    { $hours ->
        [one] { $hours } hour
       *[other] { $hours } hours
    }
minutes =
    { $minutes ->
        [one] { $minutes } minute
       *[other] { $minutes } minutes
    }
seconds =
    { $seconds ->
        [one] { $seconds } second
       *[other] { $seconds } seconds
    }

speech_started =
    { $kind ->
        [run] Run started
       *[walk] Walk started
    }
speech_paused = Paused
speech_resumed = Going on
speech_kilometre = Kilometre { $kilometre } in { duration }
speech_finished = Finished. { $kilometres } kilometres in { duration }
speech_finished_short =
    { $metres ->
        [one] Finished. { $metres } metre in { duration }
       *[other] Finished. { $metres } metres in { duration }
    }

## Wristbands

band_connecting = Connecting to the band.
band_preparing = Connected. The band is being set up.
band_catching_up =
    { $minutes ->
        [one] Fetching what the band kept: { $minutes } minute so far.
       *[other] Fetching what the band kept: { $minutes } minutes so far.
    }
band_live = The band is connected and counts.
band_next_try = The next try is in { seconds }.
band_stopped = It isn't tried again by itself. Once that is put right, tap “Connect”.

trouble_no_bluetooth = This device has no Bluetooth, so bands can't be used. The phone goes on counting steps.
trouble_bluetooth_off = Bluetooth is switched off. Switch it on.
trouble_not_permitted = The app may not use Bluetooth. Allow it in the system's settings.
trouble_system_silent = The system's Bluetooth doesn't answer. Switch it off and on, or restart the phone.
trouble_not_found = The band wasn't found. Come closer to it, and disconnect it from other phones.
trouble_lost = The connection to the band broke. Come closer to it.
trouble_silent = The band is connected and says nothing. See that it is worn; restart it if need be.
trouble_key_needed = This band wants a key. Enter it in the band's settings.
trouble_key_wrong = The band's key is wrong. Check it and enter it again.
trouble_not_understood = What this band sends can't be read. Update the app, or use another band.
trouble_not_stored = What the band sent couldn't be stored. Free some space on the phone; the band still has it.

## Messages

asset =
    { $asset ->
        [hi_value] Hi-Value
        [hi_shell] Hi-Shell
        [challenge] challenge
        [shopping] shopping credit
       *[cash] CNY cash
    }
doubt =
    { $doubt ->
        [overlap] this time was already reported by this or another device; each minute counts once.
        [future] this time has not come yet. Set the phone's clock.
        [too_old] it came too late to be counted.
        [cadence_too_high] the cadence is quicker than legs can go.
        [too_regular] the steps hardly vary, as when a machine shakes the phone.
        [stride] the distance per step doesn't fit walking or running.
        [too_fast] the speed is beyond walking or running.
        [mock_positions] the system says that positions were made up.
        [clock_changed] the phone's clock was changed during the activity.
        [inconsistent] the activity's sums don't agree with its minutes.
        [no_rest] a long time without any pause and without covering any distance.
        [activity_overlap] it overlaps another activity in time.
       *[other] it didn't pass the check.
    }

message_booked =
    { $event ->
        [registration] Registration reward
        [airdrop] Airdrop
        [steps] Unfrozen by steps
        [payment] Paid in the mall
        [receipt] Mall order received
        [refund] Refund
        [bill] Bill at a store
        [transfer] Hi-Shell sent
        [sale] Hi-Shell sold to the platform
        [listing] Hi-Shell listed
        [unlisting] Listing taken back
        [take] Listing taken
        [conversion] Challenge converted
        [merchant] Merchant approved
        [centre] Operation centre approved
        [appointment] Appointed partner
        [refill] Waiting reward paid
        [opening] Opening balance
       *[other] A change of your account
    }
message_came = +{ $amount } { asset }
message_went = -{ $amount } { asset }
message_unfrozen = { $amount } challenge unfrozen
message_booked_more = Open it to see the reason for each amount.
message_airdrop = Airdrop of { date }
message_airdrop_share = Your share: { $share } Hi-Shell (own active Hi-Value { $own } of { $network } in the network).
message_not_counted =
    { $steps ->
        [one] { $steps } step was not counted
       *[other] { $steps } steps were not counted
    }
message_not_counted_why = { date }, { $from }–{ $to }: { doubt } You can appeal.
message_appeal =
    { $status ->
        [granted] Appeal granted
       *[refused] Appeal refused
    }
message_appeal_day = About the steps of { date }.
message_refused =
    { $minutes ->
        [one] The server refused { $minutes } minute of records. It stays on the phone; after an update of the app, try again.
       *[other] The server refused { $minutes } minutes of records. They stay on the phone; after an update of the app, try again.
    }
message_rules = Version { $version } of the rules is in force
message_rules_more = Read and accept the new rules.
message_band_stopped = The band “{ $name }” isn't connected any more
message_band_empty = The band “{ $name }” is nearly empty
message_band_charge = { $percent } % are left. Charge it.
message_notice = Notice
