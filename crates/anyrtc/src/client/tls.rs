//! Whom we trust: the system's authorities, and Mozilla's where the system has none.

use std::sync::{Arc, LazyLock};

use rustls::{ClientConfig, RootCertStore, crypto::ring};

static ROOTS: LazyLock<Arc<RootCertStore>> = LazyLock::new(|| {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() {
        // A bare container has no certificates; the one binary must do without.
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    }
    Arc::new(roots)
});

/// TLS for an HTTP client, to be given to `reqwest::ClientBuilder::tls_backend_preconfigured`.
/// Authorities are read once in the life of the process.
///
/// # Panics
///
/// Never: ring speaks the protocol versions that `rustls` asks for.
pub fn tls() -> ClientConfig {
    ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("ring speaks TLS 1.2 and 1.3")
        .with_root_certificates(Arc::clone(&ROOTS))
        .with_no_client_auth()
}
