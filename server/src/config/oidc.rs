//! The options of single sign-on.

use reelroom_domain::user::Role;
use reelroom_service::{IssuerUrl, OidcConfig, Secret, is_protected};

use super::{error::ConfigError, options::Options};

/// The provider that the options name, if they do.
pub(super) fn of(options: &Options) -> Result<Option<OidcConfig>, ConfigError> {
    let wrong = |option, what: &str| {
        let what = what.to_owned();
        Err(ConfigError::Value { option, what })
    };
    let (issuer, client_id) = match (&options.oidc_issuer, &options.oidc_client_id) {
        (None, None) => return Ok(None),
        (Some(issuer), Some(client_id)) => (issuer.trim(), client_id.trim()),
        _ => {
            let what = "--oidc-issuer and --oidc-client-id belong together";
            return wrong("--oidc-issuer", what);
        }
    };
    let Some(issuer) = issuer_url(issuer) else {
        let what = "this is not an address such as https://id.example.com, without a query; \
                    http is for a provider on this machine only";
        return wrong("--oidc-issuer", what);
    };
    let trimmed = |text: Option<&String>| text.map(|text| text.trim().to_owned());
    let roles = [
        (options.oidc_admin_group.as_ref(), Role::Admin),
        (options.oidc_operator_group.as_ref(), Role::Operator),
        (options.oidc_auditor_group.as_ref(), Role::Auditor),
    ];
    let roles = roles.into_iter();
    Ok(Some(OidcConfig {
        issuer,
        client_id: client_id.to_owned(),
        client_secret: options.oidc_client_secret.clone().map(Secret::new),
        name: trimmed(options.oidc_name.as_ref()),
        groups_claim: trimmed(options.oidc_groups_claim.as_ref())
            .unwrap_or_else(|| "groups".to_owned()),
        roles: roles
            .filter_map(|(group, role)| Some((trimmed(group)?, role)))
            .collect(),
    }))
}

/// An issuer (OpenID Connect Discovery 1.0 §3). Without TLS anybody on the way could sign in as anybody, so
/// plain http is for loopback only.
fn issuer_url(text: &str) -> Option<IssuerUrl> {
    let issuer = IssuerUrl::new(text.to_owned()).ok()?;
    let url = issuer.url();
    let is_plain = url.query().is_none() && url.fragment().is_none();
    (is_protected(url) && is_plain).then_some(issuer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issuer_is_spelled_as_the_provider_does() {
        for good in [
            "https://id.example.com",
            "https://id.example.com/realms/office/",
            "http://127.0.0.1:8080",
            "http://localhost/x",
            "http://[::1]:1",
        ] {
            assert_eq!(issuer_url(good).unwrap().as_str(), good);
        }
        for wrong in [
            "id.example.com",
            "http://id.example.com",
            "http://127.0.0.1.example.com",
            "ftp://id.example.com",
            "https://id.example.com/?x",
            "https://id.example.com/#x",
            "https://",
        ] {
            assert!(issuer_url(wrong).is_none(), "{wrong}");
        }
    }
}
