//! The inbox: every call of the platform as people see it, and what they may do about one.

pub(crate) mod assign;
mod body;
mod call;
mod curl;
mod deal;
mod desk;
mod fields;
mod linear;
mod list;
mod replay;
mod test_call;
mod tokens;

use std::sync::{Mutex, OnceLock};

use reelroom_domain::inbox::{Replaying, TestReport};
use url::Url;

pub use assign::AssignError;
pub(crate) use call::raw;
pub(crate) use fields::subject;
pub use list::InboxQuery;
pub use test_call::TestError;

/// What the inbox knows since the server started.
#[derive(Default)]
pub(crate) struct State {
    /// Where this machine reaches us.
    local_url: OnceLock<Url>,
    /// The last "replay all".
    replaying: Mutex<Option<Replaying>>,
    /// How the last test callback went.
    test: Mutex<Option<TestReport>>,
}
