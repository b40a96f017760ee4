use reelroom_service::{NewCodes, NewFactor};

/// What the page shows once, beside the account.
pub enum Step {
    /// Nothing.
    Rest,
    /// The key for an app; whether a wrong code was typed.
    Phone(NewFactor, bool),
    /// New recovery codes.
    Codes(NewCodes),
    /// That a form came too late.
    Lapsed,
}
