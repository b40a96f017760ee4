//! The client over real sockets: its exact requests, and the outcome of each response.

mod answers;
mod peer;
mod probe;
mod videos;
mod wire;

use reelroom_anyrtc::{
    Dialect,
    client::{App, Client, Timeouts},
};
use std::{net::SocketAddr, time::Duration};

fn app(at: SocketAddr, dialect: Dialect) -> App {
    App {
        app_id: "anyrtc.app id".to_owned(),
        api_base: format!("http://{at}").parse().unwrap(),
        dialect,
    }
}

fn client() -> Client {
    client_with(500, 5000)
}

/// A client that soon gives up.
fn impatient() -> Client {
    client_with(200, 300)
}

/// A client with these timeouts, in milliseconds.
fn client_with(connect: u64, whole: u64) -> Client {
    let [connect, whole] = [connect, whole].map(Duration::from_millis);
    Client::new(Timeouts { connect, whole }).unwrap()
}
