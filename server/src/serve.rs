//! `reelroom serve`: open, announce, serve, end in order.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use anyhow::Context;
use reelroom_sandbox::Sandbox;
use reelroom_service::{
    Chance, SandboxApp, Secret, Service, ServiceConfig, ServiceLimits, SystemClock,
};
use tokio::{
    net::{TcpListener, TcpSocket},
    signal,
};
use url::Url;

use crate::{
    Limits, ServerState, TrustedProxies, config::Config, listen, raise_descriptor_limit, router,
};

/// The AppID of the emulated platform.
pub(crate) const SANDBOX_APP_ID: &str = "sandbox0app0id00";
/// What its video list asks for; the platform's is a secret, this one guards nothing.
pub(crate) const SANDBOX_VOD_TOKEN: &str = "sandbox0vod0token";
/// Connections that the kernel holds until they are accepted. Where a burst brings more, those left out
/// try again after a second, a callback's among them. The kernel may hold fewer (`somaxconn`).
const BACKLOG: u32 = 8192;
/// How long open downloads and event streams may take to end.
const GRACE: Duration = Duration::from_secs(3);

/// Serves until it is told to end (SIGINT or SIGTERM).
pub async fn serve(config: Config) -> anyhow::Result<()> {
    let limits = Limits::within(raise_descriptor_limit());
    tracing::debug!(?limits, "connections");
    let listener =
        bind(config.listen).with_context(|| format!("cannot listen on {}", config.listen))?;
    let address = listener.local_addr()?;
    let service = Service::open(service_config(&config)).await?;
    service.set_local_url(Url::parse(&format!("http://{}", reachable(address)))?);
    let sandbox = if config.sandbox {
        Some(start_sandbox(&config, &service, address).await?)
    } else {
        None
    };
    announce(&config, &service, address, sandbox.as_ref()).await?;
    let proxies = TrustedProxies(config.trusted_proxies.into());
    let site = router(ServerState::new(service.clone(), proxies.clone()).with_limits(&limits));
    let (ending, told) = tokio::sync::oneshot::channel();
    let server = listen(listener, site, limits, proxies, async move {
        end_signal().await;
        tracing::info!("ending");
        let _ = ending.send(());
    });
    tokio::select! {
        () = server => {}
        // Event streams never end by themselves.
        () = async { let _ = told.await; tokio::time::sleep(GRACE).await } => {}
    }
    if let Some(sandbox) = sandbox {
        sandbox.shutdown().await;
    }
    service.close().await;
    Ok(())
}

/// What the service is opened with.
pub(crate) fn service_config(config: &Config) -> ServiceConfig {
    ServiceConfig {
        database: config.database_url.clone(),
        storage: config.storage_url.clone(),
        public_url: config.public_url.clone(),
        callback_auth: config.callback_auth.clone(),
        callback_secrets: config.callback_secrets.clone(),
        secret_key: config.secret_key.clone(),
        admin: config.admin.clone(),
        clock: Arc::new(SystemClock),
        chance: Chance::from_os(),
        limits: ServiceLimits::default(),
    }
}

/// Starts the emulated platform, registers it as an app, and tells it where to call back.
async fn start_sandbox(
    config: &Config,
    service: &Service,
    address: SocketAddr,
) -> anyhow::Result<Sandbox> {
    let sandbox = Sandbox::start(reelroom_sandbox::Config {
        listen: config.sandbox_listen,
        app_id: SANDBOX_APP_ID.to_owned(),
        vod_token: SANDBOX_VOD_TOKEN.to_owned(),
        callback_url: None,
        status_url: None,
        delay: Duration::from_secs(3),
        media_dir: config.data_dir.join("sandbox"),
        seed: u64::from_le_bytes(Chance::from_os().bytes()),
        moves_every: Duration::from_secs(20),
    })
    .await
    .with_context(|| format!("cannot start the sandbox on {}", config.sandbox_listen))?;
    let app = SandboxApp {
        app_id: SANDBOX_APP_ID.to_owned(),
        api_base: Url::parse(&format!("http://{}", reachable(sandbox.addr())))?,
        vod_token: Secret::new(SANDBOX_VOD_TOKEN),
    };
    let app = service.register_sandbox(app).await?;
    let call = |what: &str| {
        let (to, secret) = (reachable(address), service.callback_secret());
        Url::parse(&format!("http://{to}/AR/V1/{what}?app={app}")).map(|mut url| {
            url.query_pairs_mut().append_pair("secret", secret);
            url
        })
    };
    sandbox.set_callbacks(Some(call("av")?), Some(call("status")?));
    Ok(sandbox)
}

/// As [`TcpListener::bind`], with a longer backlog.
fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() {
        TcpSocket::new_v4()?
    } else {
        TcpSocket::new_v6()?
    };
    // A server that is started again does not wait for old connections to time out.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Where this machine itself reaches a listener: one on all addresses is reached on loopback.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

/// Says where it is and how to sign in; once, on standard output.
async fn announce(
    config: &Config,
    service: &Service,
    address: SocketAddr,
    sandbox: Option<&Sandbox>,
) -> anyhow::Result<()> {
    println!("Reelroom   http://{}", reachable(address));
    if let Some(sandbox) = sandbox {
        println!(
            "Sandbox    http://{} (the emulated platform)",
            reachable(sandbox.addr())
        );
    }
    match (&config.admin, service.set_up_code().await?) {
        (_, Some(code)) => println!("Set-up     open the address; the one-time code is {code}"),
        (Some((name, _)), None) => println!("Sign in    as {name}"),
        (None, None) => {}
    }
    if config.public_url.is_none() && sandbox.is_none() {
        println!("To set     --public-url: the address that anyRTC calls back");
    }
    Ok(())
}

/// Waits for SIGINT or SIGTERM.
pub(crate) async fn end_signal() {
    let interrupt = async {
        if signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match signal::unix::signal(signal::unix::SignalKind::terminate()) {
            Ok(mut terminate) => {
                terminate.recv().await;
            }
            Err(_) => std::future::pending::<()>().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! { () = interrupt => {}, () = terminate => {} }
}
