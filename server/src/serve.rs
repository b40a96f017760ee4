//! `reelroom serve`: opens the service, prints the addresses, serves, and closes.

use std::{
    io,
    net::{Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use anyhow::Context;
use reelroom_sandbox::Sandbox;
use reelroom_service::{
    SandboxApp, Secret, Service, ServiceConfig, ServiceLimits, SharedRng, SystemClock,
};
use tokio::{
    net::{TcpListener, TcpSocket},
    signal::unix::{Signal, SignalKind, signal},
};
use url::Url;

use crate::{
    Limits, ServerState, TrustedProxies, config::Config, listen, raise_descriptor_limit, router,
};

/// The AppID of the emulated platform.
pub(crate) const SANDBOX_APP_ID: &str = "sandbox0app0id00";
/// Connections that the kernel queues until they are accepted; the rest of a burst is retried by its
/// clients after a second. The kernel may queue fewer (`somaxconn`).
const BACKLOG: u32 = 8192;
/// The deadline of open downloads and event streams at the end.
const GRACE: Duration = Duration::from_secs(3);

/// Serves until SIGINT or SIGTERM.
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
    // Before the address is printed: a process that reads it may send the signal at once.
    let end = end_signal();
    announce(&config, &service, address, sandbox.as_ref()).await?;
    let proxies = TrustedProxies(config.trusted_proxies.into());
    let mut state = ServerState::new(service.clone(), proxies.clone()).with_limits(&limits);
    state.delivery = config.delivery;
    state.metrics_from = config.metrics_from.into();
    let site = router(state);
    let (ending, ended) = tokio::sync::oneshot::channel();
    let server = listen(listener, site, limits, proxies, async move {
        end.await;
        tracing::info!("ending");
        let _ = ending.send(());
    });
    tokio::select! {
        () = server => {}
        // Event streams never end by themselves.
        () = async { let _ = ended.await; tokio::time::sleep(GRACE).await } => {}
    }
    if let Some(sandbox) = sandbox {
        sandbox.shutdown().await;
    }
    service.close().await;
    Ok(())
}

/// The service's part of the configuration.
pub(crate) fn service_config(config: &Config) -> ServiceConfig {
    ServiceConfig {
        database: config.database_url.clone(),
        storage: config.storage_url.clone(),
        staging: config.data_dir.join("staging"),
        public_url: config.public_url.clone(),
        callback_auth: config.callback_auth.clone(),
        callback_secrets: config.callback_secrets.clone(),
        secret_key: config.secret_key.clone(),
        admin: config.admin.clone(),
        oidc: config.oidc.clone(),
        pictures: config.pictures,
        clock: Arc::new(SystemClock),
        rng: SharedRng::from_os(),
        limits: ServiceLimits {
            fetch: config.fetch,
            ..ServiceLimits::default()
        },
    }
}

/// Starts the emulated platform, registers it as an app, and sets its callback addresses.
async fn start_sandbox(
    config: &Config,
    service: &Service,
    address: SocketAddr,
) -> anyhow::Result<Sandbox> {
    let media_dir = config.data_dir.join("sandbox");
    let emulated = reelroom_sandbox::Config {
        seed: rand::random(),
        ..reelroom_sandbox::Config::new(config.sandbox_listen, SANDBOX_APP_ID, media_dir)
    };
    let vod_token = Secret::new(emulated.vod_token.clone());
    let sandbox = Sandbox::start(emulated)
        .await
        .with_context(|| format!("cannot start the sandbox on {}", config.sandbox_listen))?;
    let app = SandboxApp {
        app_id: SANDBOX_APP_ID.to_owned(),
        api_base: Url::parse(&format!("http://{}", reachable(sandbox.addr())))?,
        vod_token,
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
    // A restarted server does not wait for old connections to time out.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// The address of a listener on this machine: of one on all addresses, its loopback address.
pub(crate) fn reachable(mut address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        address.set_ip(if address.is_ipv4() {
            Ipv4Addr::LOCALHOST.into()
        } else {
            Ipv6Addr::LOCALHOST.into()
        });
    }
    address
}

/// Prints the addresses and how to sign in.
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

/// Catches SIGINT and SIGTERM from now on; waits for the first.
pub(crate) fn end_signal() -> impl Future<Output = ()> {
    let [interrupt, terminate] = [SignalKind::interrupt(), SignalKind::terminate()].map(signal);
    let wait = async |signal: io::Result<Signal>| match signal {
        Ok(mut signal) => drop(signal.recv().await),
        Err(_) => std::future::pending().await,
    };
    async move {
        tokio::select! {
            () = wait(interrupt) => {}
            () = wait(terminate) => {}
        }
    }
}
