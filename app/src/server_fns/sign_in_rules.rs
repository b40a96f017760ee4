//! The rules of sign-in.

use leptos::prelude::*;
use reelroom_domain::sign_in::SignInForm;
use reelroom_service::SignInRulesError;

use crate::{
    error::ApiError,
    paths::LocalAddress,
    server::{answer_form, browser, principal, service},
};

/// Changes the rules of sign-in. The error names every invalid field.
#[server(prefix = "/fn", endpoint = "set_sign_in_rules")]
pub async fn set_sign_in_rules(#[server(flatten)] form: SignInForm) -> Result<(), ApiError> {
    let me = principal()?;
    let answer = service().set_sign_in_rules(&me, &browser(), &form).await;
    let page = LocalAddress::or_home("/settings/sign-in");
    let done = page.with(&[("saved", "rules")]);
    answer_form::<SetSignInRules, _>(answer, &done, &page, &form.fields())
}

impl From<SignInRulesError> for ApiError {
    fn from(error: SignInRulesError) -> Self {
        match error {
            SignInRulesError::Fields(fields) => Self::of_fields(fields, "unusable"),
            SignInRulesError::Service(error) => error.into(),
        }
    }
}
