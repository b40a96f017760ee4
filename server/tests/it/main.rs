//! The server over HTTP and on the command line. One test binary, so that the product is linked
//! once.

mod binary;
mod common;

mod answers;
mod apps;
mod auto_stop;
mod callback;
mod calls;
mod command_line;
mod copies;
mod events;
mod fetch;
mod fields;
mod files;
mod guard;
mod hostile;
mod inbox;
mod intake;
mod jobs;
mod ledger;
mod limits;
mod lookups;
mod pages;
mod presets;
mod private;
mod rooms;
mod sessions;
mod story;
mod takes;
mod torture;
mod trouble;
mod two_servers;
mod unknown;
mod watch;
mod zip;
