//! How long things may take.

use std::time::Duration;

/// How long things may take and how often they are done. The default is for people; tests are in more of a hurry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Before the first new try after a link was lost; each further one waits twice as long.
    pub first_wait: Duration,
    /// Before any new try, at most.
    pub longest_wait: Duration,
    /// For looking for a band that the system doesn't know.
    pub find: Duration,
    /// For connecting, and for asking what a band offers.
    pub connect: Duration,
    /// For each answer of a band, and of the system's Bluetooth.
    pub answer: Duration,
    /// A band that is connected and says nothing for so long is asked; if it doesn't answer, the link is made anew.
    pub silence: Duration,
    /// Between two fetches of what a band kept, while it is connected. Live values tell only of what is heard.
    pub history: Duration,
    /// Between two looks at the system's Bluetooth.
    pub look: Duration,
    /// Between two rounds of telling the host what a band says; what comes faster is summed up by its newest value.
    pub round: Duration,
    /// So many times in a row a band may be misunderstood before it is given up.
    pub strikes: u32,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            first_wait: Duration::from_secs(8),
            longest_wait: Duration::from_secs(64),
            find: Duration::from_secs(15),
            connect: Duration::from_secs(40),
            answer: Duration::from_secs(10),
            silence: Duration::from_secs(60),
            history: Duration::from_secs(15 * 60),
            look: Duration::from_secs(5),
            round: Duration::from_millis(250),
            strikes: 5,
        }
    }
}
