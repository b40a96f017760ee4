//! A demo: recordings that are made up, for trying the pages, for screenshots and for benches.

mod about;
mod choice;
mod files;
pub(crate) mod fill;
mod maker;
mod meeting;
mod recording;
mod rooms;
mod starts;
#[cfg(test)]
mod tests;
mod words;
