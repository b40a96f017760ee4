//! Sessions as pages show them.

use data_encoding::HEXLOWER;
use reelroom_domain::{account::SessionView, device::DeviceName};
use reelroom_store::sessions::{Session, TokenHash};

use crate::{Browser, SessionToken};

/// A session for a page in this browser.
pub(super) fn view_of(session: Session, browser: &Browser) -> SessionView {
    let this = browser.session.as_ref().map(SessionToken::hash);
    SessionView {
        id: HEXLOWER.encode(&session.token),
        device: DeviceName::of(&session.agent),
        address: session.address,
        since: session.created_at,
        last_used: session.last_used_at,
        is_this: Some(session.token) == this,
    }
}

/// The token hash of a session whose [`SessionView::id`] is this.
pub(super) fn token_of(id: &str) -> Option<TokenHash> {
    HEXLOWER.decode(id.as_bytes()).ok()?.try_into().ok()
}
