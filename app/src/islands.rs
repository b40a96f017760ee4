//! The interactive parts of pages. `islands.js` calls the function that the frontend exports under an
//! island's name when its element enters the page, and drops the island when the element leaves.
//!
//! | island | where | what it does | kB of brotli |
//! |---|---|---|---|
//! | `start_form` | the page of a room | chips, menu and preview of the naming rule; checks of the other fields while they are typed | 177 of wasm, 7 of glue |

pub mod composer;
pub mod dom;
mod form_more;
mod form_state;
mod island;
mod kind_field;
mod start_form;
mod user_data;

#[cfg(feature = "ssr")]
pub use self::island::island;
#[cfg(not(feature = "ssr"))]
pub use self::island::live_in;
#[cfg(feature = "ssr")]
pub use self::kind_field::unlisted_kind;
pub use self::start_form::{START_FORM, StartForm, StartProps};
