//! The rules of sign-in.

use leptos::prelude::*;
use reelroom_domain::sign_in::SignInForm;
use reelroom_service::SignInRulesError;

use crate::{
    error::{ApiError, Problem},
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
    let answer = answer.map_err(ApiError::from);
    answer_form::<SetSignInRules, _>(answer, &done, &page, &form.fields())
}

impl From<SignInRulesError> for ApiError {
    fn from(error: SignInRulesError) -> Self {
        match error {
            SignInRulesError::Fields(fields) => Self::Invalid {
                problems: (fields.iter())
                    .map(|field| Problem::new(field.as_str(), "unusable"))
                    .collect(),
            },
            SignInRulesError::Service(error) => error.into(),
        }
    }
}
