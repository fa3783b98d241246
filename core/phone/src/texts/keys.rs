//! Every text of the catalogue with its variables.

use haigou_contract::Language;

use super::catalogue::{Value, say};

macro_rules! texts {
    ($($(#[doc = $doc:literal])+ $key:ident($($variable:ident),*);)+) => {
        $(
            $(#[doc = $doc])+
            pub(crate) fn $key(language: Language $(, $variable: impl Into<Value<'static>>)*) -> String {
                say(language, stringify!($key), &[$((stringify!($variable), $variable.into())),*])
            }
        )+

        /// All of them, for the tests: the key, and its variables.
        #[cfg(test)]
        pub(super) const ALL: &[(&str, &[&str])] = &[$((stringify!($key), &[$(stringify!($variable)),*])),+];
    };
}

texts! {
    /// No connection.
    error_offline();
    /// Something else than the server answered.
    error_not_our_server();
    /// Nobody is signed in.
    error_not_signed_in();
    /// The server's address is none.
    error_server_address();
    /// The disk is full.
    error_store_full();
    /// Another process uses the store.
    error_store_locked();
    /// A newer app wrote the store.
    error_store_newer();
    /// The store fails.
    error_store_failed();
    /// The key store fails.
    error_key_store();
    /// Nothing is under way.
    error_no_activity();
    /// Something is under way.
    error_activity_under_way();
    /// It is paused already.
    error_already_paused();
    /// It isn't paused.
    error_not_paused();
    /// No such record.
    error_no_such_record();
    /// No such line of the statement is known.
    error_no_such_line();
    /// The radio of the bands wasn't started.
    error_radio_off();
    /// No such band.
    error_no_such_band();
    /// A GPX file is too large.
    error_gpx_too_large(limit);
    /// A GPX file has a document type definition.
    error_gpx_dtd(line);
    /// A GPX file ends in the middle.
    error_gpx_truncated(line);
    /// A GPX file isn't well-formed.
    error_gpx_syntax(line);
    /// A file is no GPX.
    error_gpx_none();
    /// A figure in a GPX file is wrong.
    error_gpx_field(line, name);
    /// A GPX file has no track with times.
    error_gpx_no_track();
    /// A GPX file can't be read or written.
    error_gpx_file();
    /// A GPX file's times can't be.
    error_gpx_time();
    /// No picture could be made.
    error_picture_failed();
    /// No export could be written.
    error_export_failed();
    /// Samples that were no numbers.
    error_samples_invalid();
    /// A position that is none.
    error_fix_invalid();
    /// A reading that can't be.
    error_reading_implausible();
    /// A field is out of bounds.
    error_out_of_bounds(field);
    /// The phone was closed.
    error_closed();

    /// The store was damaged; what was saved.
    notice_store_damaged(detail);

    /// Offline, with something to show from earlier today.
    shown_offline_today(time);
    /// Offline, with something to show from an earlier day.
    shown_offline_earlier(month, day, time);
    /// When something was true, today.
    as_of_today(time);
    /// When something was true, on an earlier day.
    as_of_earlier(month, day, time);
    /// Offline, with nothing to show.
    nothing_known_offline();
    /// No records yet.
    empty_records();
    /// Nothing was booked yet.
    empty_statement();
    /// No line of the statement fits the filter.
    empty_filter();
    /// No day of the airdrop is over yet.
    empty_airdrop();
    /// Nobody registered with the member's code yet.
    empty_team();
    /// No messages.
    empty_messages();
    /// No consents beyond the terms.
    empty_consents();

    /// How much waits for the reward pool.
    rewards_waiting(amount);
    /// A partner's tier, or none.
    tier_name(tier);
    /// The rules changed and wait to be accepted.
    rules_to_accept(version);
    /// This version of the rules was accepted.
    rules_accepted(version, month, day);

    /// The name of a record.
    record_title(kind, date);
    /// What is sent with a record.
    share_record(kind, kilometres, hours, minutes, seconds, steps);
    /// What is sent with an invitation.
    share_invite(code, link);

    /// Whose app the share picture is of.
    picture_brand();
    /// What was done, on the share picture.
    picture_kind(kind);
    /// When it was done.
    picture_date(year, month, day, time);
    /// When it was done, of a file from elsewhere.
    picture_date_imported(year, month, day, time);
    /// The unit of distances.
    picture_km();
    /// The unit of pace.
    picture_per_km();
    /// The unit of climb.
    picture_m();
    /// What the distance is called.
    picture_distance();
    /// What an estimated distance is called.
    picture_distance_estimated();
    /// An estimated distance.
    picture_about(kilometres);
    /// What the time is called.
    picture_time();
    /// What the pace is called.
    picture_pace();
    /// What the steps are called.
    picture_steps();
    /// What the climb is called.
    picture_climb();
    /// The scale in metres.
    picture_scale_m(metres);
    /// The scale in kilometres.
    picture_scale_km(kilometres);

    /// Said at the start.
    speech_started(kind);
    /// Said at a pause.
    speech_paused();
    /// Said when it goes on.
    speech_resumed();
    /// Said when a kilometre is done.
    speech_kilometre(kilometre, hours, minutes, seconds);
    /// Said at the end of a kilometre or more.
    speech_finished(kilometres, hours, minutes, seconds);
    /// Said at the end of less.
    speech_finished_short(metres, hours, minutes, seconds);

    /// A band's link: looked for.
    band_connecting();
    /// Being set up.
    band_preparing();
    /// Fetching what it kept.
    band_catching_up(minutes);
    /// Telling what it counts.
    band_live();
    /// The next try.
    band_next_try(seconds);
    /// It was given up.
    band_stopped();
    /// No Bluetooth.
    trouble_no_bluetooth();
    /// Bluetooth is off.
    trouble_bluetooth_off();
    /// Not allowed.
    trouble_not_permitted();
    /// The system doesn't answer.
    trouble_system_silent();
    /// Not near.
    trouble_not_found();
    /// The connection broke.
    trouble_lost();
    /// It says nothing.
    trouble_silent();
    /// It wants a key.
    trouble_key_needed();
    /// The key is wrong.
    trouble_key_wrong();
    /// It can't be understood.
    trouble_not_understood();
    /// It couldn't be stored.
    trouble_not_stored();

    /// A message's title: what was booked.
    message_booked(event);
    /// An amount that came, with its asset.
    message_came(asset, amount);
    /// An amount that went, with its asset.
    message_went(asset, amount);
    /// An amount of challenge that was unfrozen.
    message_unfrozen(amount);
    /// What one does with a message about something booked.
    message_booked_more();
    /// A day of the airdrop.
    message_airdrop(month, day);
    /// Its figures.
    message_airdrop_share(share, own, network);
    /// Steps that didn't count.
    message_not_counted(steps);
    /// When, and why.
    message_not_counted_why(month, day, from, to, doubt);
    /// An appeal was answered.
    message_appeal(status);
    /// What it was about.
    message_appeal_day(month, day);
    /// An upload was refused.
    message_refused(minutes);
    /// New rules.
    message_rules(version);
    /// What to do about them.
    message_rules_more();
    /// A band was given up.
    message_band_stopped(name);
    /// A band is nearly empty.
    message_band_empty(name);
    /// How full it is, and what to do.
    message_band_charge(percent);
    /// A notice of the phone.
    message_notice();
}
