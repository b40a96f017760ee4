use leptos::prelude::*;

use crate::error::ApiError;

/// Sets after how many minutes a file is late, and after how many it is due. Both as typed.
#[server(prefix = "/fn", endpoint = "set_patience")]
pub async fn set_patience(late: String, due: String) -> Result<(), ApiError> {
    use reelroom_domain::user::Role;
    use reelroom_service::PatienceError;

    use crate::{
        paths::LocalAddress,
        server::{back_to_form, is_plain_form, redirect, require, service},
    };

    let me = require(Role::Admin)?;
    let answer = service().set_patience(&me, &late, &due).await;
    let answer = answer.map_err(|error| match error {
        PatienceError::Minutes => ApiError::invalid("due", "not_minutes"),
        PatienceError::Service(error) => error.into(),
    });
    let page = LocalAddress::or_home("/settings");
    match &answer {
        Ok(()) if is_plain_form() => redirect(&page.with(&[("saved", "patience")])),
        Ok(()) => {}
        Err(error) => {
            let typed = [("late", late.as_str()), ("due", due.as_str())];
            back_to_form::<SetPatience>(&page, &typed, error);
        }
    }
    answer
}
