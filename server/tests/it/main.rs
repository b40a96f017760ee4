//! The server over HTTP and on the command line. One binary, so that the product is linked once.

mod binary;
mod common;

mod apps;
mod auto_stop;
mod callback;
mod command_line;
mod events;
mod inbox;
mod intake;
mod ledger;
mod lookups;
mod pages;
mod presets;
mod rooms;
mod sessions;
mod story;
mod torture;
mod unknown;
mod watch;
