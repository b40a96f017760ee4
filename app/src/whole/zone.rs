//! The reader's time zone.

use leptos::prelude::*;
use reelroom_domain::time::{Civil, Timestamp};

use crate::whole::platform;

/// The zone in which pages show times. Starts as the server has it; the browser's half corrects it
/// once it runs.
#[derive(Clone, Copy)]
pub struct Zone(RwSignal<String>);

impl Zone {
    /// A zone by its IANA name.
    pub fn new(name: String) -> Self {
        Self(RwSignal::new(name))
    }

    /// The zone of this page.
    pub fn expect() -> Self {
        expect_context()
    }

    /// Its IANA name.
    pub fn name(self) -> String {
        self.0.get()
    }

    /// Takes another zone; all times on the page change with it.
    pub fn set(self, name: String) {
        if self.0.with_untracked(|known| *known != name) {
            self.0.set(name);
        }
    }

    /// How many seconds it is ahead of UTC at `moment`.
    pub fn offset(self, moment: Timestamp) -> i32 {
        self.0.with(|name| platform::zone_offset(name, moment))
    }

    /// What a clock on its walls shows at `moment`.
    pub fn civil(self, moment: Timestamp) -> Civil {
        Civil::at(moment, self.offset(moment))
    }
}

pub use crate::words::offset_name;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_moves_with_the_season() {
        let owner = Owner::new();
        owner.with(|| {
            let zone = Zone::new("Europe/Berlin".to_owned());
            // 2026-01-15 and 2026-07-15, noon UTC.
            assert_eq!(zone.offset(Timestamp::from_millis(1_768_478_400_000)), 3600);
            assert_eq!(
                zone.civil(Timestamp::from_millis(1_784_116_800_000)).hour,
                14
            );
        });
    }
}
