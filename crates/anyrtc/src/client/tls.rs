//! TLS that trusts the system's certificate authorities, or Mozilla's where the system has none.

use std::sync::{Arc, LazyLock};

use rustls::{ClientConfig, RootCertStore, crypto::ring};

static ROOTS: LazyLock<Arc<RootCertStore>> = LazyLock::new(|| {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() {
        // A bare container has no certificates.
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    }
    Arc::new(roots)
});

/// The TLS configuration for `reqwest::ClientBuilder::tls_backend_preconfigured`. Authorities are read
/// once per process.
///
/// # Panics
///
/// Never: ring supports the default protocol versions of `rustls`.
pub fn tls() -> ClientConfig {
    ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("ring speaks TLS 1.2 and 1.3")
        .with_root_certificates(Arc::clone(&ROOTS))
        .with_no_client_auth()
}
