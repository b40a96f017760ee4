//! The state of a browser's flow at the provider, in a sealed cookie: a flow that is never finished leaves
//! nothing in the database.

use serde::{Deserialize, Serialize};

use crate::{Browser, Service, accounts::browser::FLOW_MINUTES};

/// The owner of the seal.
const OWNER: &str = "single sign-on";
/// The longest value of a cookie that browsers keep, with room for its name and attributes (RFC 6265 §6.1).
const LONGEST: usize = 3_800;

/// The state of a flow at the provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Flow {
    /// Signing in.
    SignIn(SignInFlow),
    /// Signing out, with the ID token of the session that ended.
    SignOut { id_token: Option<String> },
}

/// The values with which the response to a sign-in is compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct SignInFlow {
    /// The `state` of the request.
    pub state: String,
    /// The nonce of the ID token.
    pub nonce: String,
    /// The verifier of PKCE (RFC 7636).
    pub verifier: String,
    /// The page to show afterwards.
    pub next: String,
}

impl Service {
    /// The value of the cookie of a flow; `None` where it would be too long.
    pub(super) fn seal_flow(&self, flow: &Flow) -> Option<String> {
        let text = serde_json::to_string(flow).ok()?;
        let token = self.seal_token(OWNER, FLOW_MINUTES, &text).ok()?;
        (token.len() <= LONGEST).then_some(token)
    }

    /// The flow of a browser, unless it has lapsed.
    pub(super) fn flow(&self, browser: &Browser) -> Option<Flow> {
        let text = self.unseal_token(OWNER, browser.flow.as_deref()?)?;
        serde_json::from_str(&text).ok()
    }
}
