//! How the copies in the storage agree with a database.

/// The result of a comparison of the storage with the copies that a database has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CopiesReport {
    /// The number of copies that are as they should be.
    pub good: u64,
    /// The keys of copies that the storage does not have.
    pub missing: Vec<String>,
    /// The keys of copies that have another size.
    pub resized: Vec<String>,
    /// The keys of copies that were read and have other content.
    pub damaged: Vec<String>,
    /// The keys of copies that the list of the backup does not have with this size and hash.
    pub unlisted: Vec<String>,
}

impl CopiesReport {
    /// Whether nothing is wrong.
    pub fn is_good(&self) -> bool {
        let wrong = [&self.missing, &self.resized, &self.damaged, &self.unlisted];
        wrong.into_iter().all(Vec::is_empty)
    }
}
