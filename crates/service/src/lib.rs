#![doc = include_str!("../README.md")]

mod accounts;
mod apps;
mod archive;
mod backup;
mod demo;
mod ground;
mod growth;
mod inbox;
mod intake;
mod jump;
mod keep;
mod lookups;
mod metrics;
mod open;
mod presets;
mod recordings;
mod retention;
mod rooms;
mod shell;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod understanding;
mod watch;

pub use accounts::{
    browser::{Browser, SignedIn},
    my_factor::{ConfirmedFactor, NewCodes, NewFactor},
    my_password::MyAccountError,
    oidc::{error::SignOnError, finish::ProviderAnswer, start::ToProvider},
    once::LinkError,
    people::{add::NewPerson, change::PersonChange, error::PeopleError, list::PeopleQuery},
    principal::Principal,
    rules::SignInRulesError,
    set_up::{SetUpError, SetUpProblem},
    sign_in::SignInError,
    users::UserError,
};
pub use apps::{
    allow::AllowHostError,
    cause::PlatformError,
    remove::RemoveAppError,
    sandbox::SandboxApp,
    settings::{SaveAppError, TokenChange},
};
pub use archive::{
    open::{Content, OpenFileError, Opened},
    pictures::Picture,
    range::Wanted,
    zip::Zip,
};
pub use backup::{
    error::BackupError,
    manifest::{BackupEngine, BackupPart, Manifest},
    rebuild::Rebuilt,
    report::CopiesReport,
    restore::{DAYS_AFTER_RESTORE, Restored, restore},
    take::{BackedUp, back_up},
};
pub use demo::fill::{DemoError, DemoFilled};
pub(crate) use ground::error::Found;
pub use ground::{
    clock::SystemClock,
    config::{
        CallbackAuth, FetchLimits, OidcConfig, ServiceConfig, ServiceLimits, StorageLocation,
        is_protected,
    },
    error::ServiceError,
    jobs::is_late,
    link::LinkToken,
    rng::SharedRng,
    secret::Secret,
    secrets::{BadSecretKey, SealError, SecretKey, SecretKeyError, SecretKeySource},
    service::Service,
    session::{EndedSession, SessionToken},
    storage::StorageError,
};
pub use growth::keeping::{KeepingError, kept_days};
pub use inbox::{assign::AssignError, list::InboxQuery, test_call::TestError};
pub use intake::accept::{AcceptError, Accepted, RawCall};
pub use keep::{
    error::{Consent, KeepError},
    requests::RequestLine,
    trash::{TrashQuery, TrashRow, TrashView},
    view::DeletedView,
};
pub use open::{NotReady, OpenError};
pub use presets::{change::PresetError, fill_in::FillWith, save::SaveAs};
pub use recordings::{
    about::AboutError,
    finding::Between,
    library::{LibraryQuery, MOST_ON_A_DAY},
    patience::PatienceError,
    select::{Actionable, Selection, SelectionError},
    start::{FormProblem, StartError},
    stop::StopError,
    views::{ViewError, ViewForm},
};
pub use reelroom_store::grants::Holder;
pub use retention::error::RetentionError;
pub use rooms::{label::LabelError, remove::RemoveRoomError};

pub use openidconnect::IssuerUrl;

/// Lets `?` convert a database error to the `Service` variant of these errors.
macro_rules! from_store_error {
    ($($error:ty),+ $(,)?) => {$(
        impl From<reelroom_store::StoreError> for $error {
            fn from(error: reelroom_store::StoreError) -> Self {
                Self::Service(error.into())
            }
        }
    )+};
}

from_store_error!(
    AboutError,
    AllowHostError,
    AssignError,
    DemoError,
    KeepingError,
    KeepError,
    LabelError,
    MyAccountError,
    LinkError,
    apps::ask::NotListed,
    OpenFileError,
    PatienceError,
    PeopleError,
    PresetError,
    RemoveAppError,
    RemoveRoomError,
    RetentionError,
    SaveAppError,
    SetUpError,
    SignInError,
    SignInRulesError,
    SignOnError,
    StartError,
    StopError,
    TestError,
    UserError,
    ViewError,
);
