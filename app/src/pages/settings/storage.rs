//! `/settings/storage`: where our copies are, what they take, how long there is room, a test, and for how long what
//! grows beside them is kept.

mod keeping;
mod kept;
mod tested;
mod usage;

use axum::response::Response;
use leptos::prelude::*;
use reelroom_domain::{
    access::{Thing, Verb},
    usage::{DAY, DiskRoom, StoragePlace, StorageView},
};
use reelroom_service::ServiceError;

use self::{
    keeping::keeping_section,
    kept::{kept, orphans},
    tested::test_section,
    usage::{by_app, by_room, meter},
};
use super::{
    nav::{SettingsPage, page},
    section_head::section_head,
};
use crate::{
    components::{FetchingPauses, time},
    i18n::td,
    reader::Reader,
    this_page::locale,
    visit::Visit,
    words,
};

/// The page of the storage, for accounts that see the settings.
pub async fn storage(visit: Visit) -> Response {
    let me = visit.me.clone();
    let may_change = me.may(Verb::Change, Thing::Settings);
    let loaded = async {
        let storage = visit.service.storage(&visit.me).await?;
        let keeping = visit.service.keeping(&visit.me).await?;
        Ok::<_, ServiceError>((storage, keeping))
    };
    let loaded = loaded.await;
    visit
        .answer(loaded, |(of, keeping)| {
            let title = say!(locale(), storage.title);
            let tables = (of.usage.total.files > 0).then(|| (by_room(&of), by_app(&of)));
            let content = (
                archive(&of),
                tables,
                test_section(of.test, may_change),
                keeping_section(&keeping, may_change),
            );
            page(&me, SettingsPage::Storage, "storage", title, content)
        })
        .await
}

/// The location of the copies, their sum and growth, and the disks.
fn archive(of: &StorageView) -> impl IntoView + use<> {
    let locale = locale();
    let location = match of.place.clone() {
        StoragePlace::Folder(place) => td!(locale, storage.folder, place = code(place)).into_any(),
        StoragePlace::Bucket(place) => td!(locale, storage.bucket, place = code(place)).into_any(),
    };
    let total = of.usage.total;
    let sum = match total.files {
        0 => say!(locale, storage.none).into_any(),
        n => {
            let files = plural!(locale, n, storage.file, storage.files, n);
            view! { {words::bytes(locale, total.bytes)} " " <small>{files}</small> }.into_any()
        }
    };
    let pauses = of.disks.iter().any(|disk| !disk.is_enough());
    view! {
        <section class="set-s" aria-labelledby="archive-h">
            {section_head("archive-h", say!(locale, common.word.archive), location)}
            <div>
                {pauses.then(|| view! { <FetchingPauses /> })}
                <div class="card use">
                    <p class="sum">{sum}</p>
                    {growth(of)}
                    {kept(&of.kept)}
                </div>
                {orphans(&of.kept)}
                {of.disks.iter().map(disk).collect_view()}
            </div>
        </section>
    }
}

/// The growth, and with it the days until fetching pauses, if the copies are on a disk of this server.
fn growth(of: &StorageView) -> impl IntoView + use<> {
    let locale = locale();
    let measured = of.usage.growth;
    let growth = match measured {
        None => say!(locale, storage.too_little).to_owned(),
        Some(growth) => {
            let size = words::bytes(locale, growth.per_day);
            let days = words::day_count(locale, growth.days);
            say!(locale, storage.per_day, size, days)
        }
    };
    let is_of_copies = |disk: &&DiskRoom| of.place == StoragePlace::Folder(disk.folder.clone());
    let disk = of.disks.iter().find(is_of_copies);
    let left = measured.zip(disk).map(|(growth, disk)| {
        let left = match growth.days_for(disk.beyond_reserve()) {
            None => say!(locale, storage.left_years).into_any(),
            Some(days) => {
                let date = time(Reader::expect().now.plus_millis(days * DAY));
                td!(locale, storage.left_days, days, date).into_any()
            }
        };
        view! {
            <dt>{say!(locale, storage.left)}</dt>
            <dd class="num">{left}</dd>
        }
    });
    view! {
        <dl class="kv">
            <dt>{say!(locale, storage.growth)}</dt>
            <dd class="num">{growth}</dd>
            {left}
        </dl>
    }
}

/// The room on a disk, and the reserve.
fn disk(disk: &DiskRoom) -> impl IntoView + use<> {
    let locale = locale();
    let size = |bytes| words::bytes(locale, bytes);
    let (free, all, reserve) = (size(disk.free), size(disk.size), size(disk.reserve));
    let place = code(disk.folder.clone());
    view! {
        <div class="card use">
            <p>{td!(locale, storage.free, free, size = all, place)}</p>
            {meter(disk.size.saturating_sub(disk.free), disk.size)}
            <p class="hint">{say!(locale, storage.reserve, reserve)}</p>
        </div>
    }
}

/// A path or an address within a sentence.
fn code(text: String) -> impl Fn() -> AnyView + Clone + 'static {
    move || view! { <code>{text.clone()}</code> }.into_any()
}
