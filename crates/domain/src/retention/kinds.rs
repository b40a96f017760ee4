use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::file::FileKind;

/// Kinds of files, at least one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kinds(BTreeSet<FileKind>);

impl Kinds {
    /// Every kind.
    pub fn all() -> Self {
        Self(FileKind::ALL.into())
    }

    /// These kinds; `None` if there are none.
    pub fn of(kinds: impl IntoIterator<Item = FileKind>) -> Option<Self> {
        let kinds: BTreeSet<FileKind> = kinds.into_iter().collect();
        (!kinds.is_empty()).then_some(Self(kinds))
    }

    /// Adds a kind.
    pub fn insert(&mut self, kind: FileKind) {
        self.0.insert(kind);
    }

    /// Whether `kind` is one of them.
    pub fn has(&self, kind: FileKind) -> bool {
        self.0.contains(&kind)
    }

    /// Whether they are all.
    pub fn is_all(&self) -> bool {
        self.0.len() == FileKind::ALL.len()
    }

    /// The kinds, the composite first.
    pub fn iter(&self) -> impl Iterator<Item = FileKind> {
        self.0.iter().copied()
    }
}
