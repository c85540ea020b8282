//! TLS as `sslmode` says. The driver itself knows only whether there is to be any.

use std::path::Path;
use std::sync::Arc;

use postgres::config::SslMode;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::error::{Error, Result};

/// Which certificates of a server are believed.
#[derive(Debug, Clone)]
pub(super) struct Trust(Arc<ClientConfig>);

impl Trust {
    /// What the driver makes TLS with.
    pub fn connector(&self) -> MakeRustlsConnect {
        MakeRustlsConnect::new(ClientConfig::clone(&self.0))
    }
}

/// What `sslmode` and `sslrootcert` of an address mean. As with PostgreSQL's own programs, a
/// certificate is looked at where the mode says `verify`, or where roots are named; whoever looks
/// looks at the name in it too.
pub(super) fn mode(sslmode: Option<&str>, roots: Option<&str>) -> Result<(SslMode, Trust)> {
    let (mode, is_verified) = match sslmode {
        Some("disable") => (SslMode::Disable, false),
        None | Some("allow" | "prefer") => (SslMode::Prefer, false),
        Some("require") => (SslMode::Require, roots.is_some()),
        Some("verify-ca" | "verify-full") => (SslMode::Require, true),
        Some(_) => {
            let why = "it must be disable, prefer, require, verify-ca or verify-full";
            return Err(Error::invalid("sslmode", why));
        }
    };
    let provider = Arc::new(ring::default_provider());
    let fail = |error: rustls::Error| Error::invalid("sslmode", error.to_string());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(fail)?;
    let config = match (is_verified, roots) {
        (true, Some(file)) => builder.with_root_certificates(roots_in(Path::new(file))?),
        (true, None) => {
            let verifier = rustls_platform_verifier::Verifier::new(provider).map_err(fail)?;
            builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier))
        }
        (false, _) => {
            builder.dangerous().with_custom_certificate_verifier(Arc::new(AnyCertificate(provider)))
        }
    };
    Ok((mode, Trust(Arc::new(config.with_no_client_auth()))))
}

fn roots_in(file: &Path) -> Result<RootCertStore> {
    let bad = |why: String| Error::invalid("sslrootcert", format!("{}: {why}", file.display()));
    let mut roots = RootCertStore::empty();
    for root in CertificateDer::pem_file_iter(file).map_err(|error| bad(error.to_string()))? {
        let root = root.map_err(|error| bad(error.to_string()))?;
        roots.add(root).map_err(|error| bad(error.to_string()))?;
    }
    if roots.is_empty() { Err(bad("no certificate is in it".to_owned())) } else { Ok(roots) }
}

/// Believes any certificate: what is sent is hidden from who listens, but not from who stands between.
#[derive(Debug)]
struct AnyCertificate(Arc<CryptoProvider>);

impl ServerCertVerifier for AnyCertificate {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signed, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signed, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
