use reelroom_service::{NewCodes, NewFactor};

/// The step of a set-up that the page shows.
pub enum Step {
    /// Nothing.
    Rest,
    /// A new key for an app, and whether a wrong code was typed.
    Phone(NewFactor, bool),
    /// New recovery codes.
    Codes(NewCodes),
    /// A form that has expired.
    Lapsed,
}
