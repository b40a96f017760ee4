use leptos::prelude::*;
use reelroom_domain::inbox::CallView;

use crate::error::ApiError;

/// One call of the platform. `find`: which recordings to offer to tie it to; may be empty.
#[server(prefix = "/fn", endpoint = "inbox_call")]
pub async fn load_call(id: String, #[server(default)] find: String) -> Result<CallView, ApiError> {
    use reelroom_domain::{search::SearchText, user::Role};

    use crate::server::{id_named, require, service};

    let me = require(Role::Viewer)?;
    let id = id_named(&id)?;
    let find = SearchText::parse(&find);
    Ok(service().call(&me, id, find.as_ref()).await?)
}
