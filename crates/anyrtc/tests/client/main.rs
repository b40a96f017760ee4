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
    Client::new(Timeouts {
        connect: Duration::from_millis(500),
        whole: Duration::from_secs(5),
    })
    .unwrap()
}
