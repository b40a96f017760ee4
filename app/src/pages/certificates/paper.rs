//! A certificate on paper: black on white, in both languages, of which the reader may choose one.

use axum::{extract::Path, response::Response};
use leptos::prelude::*;
use reelroom_domain::{
    certificate::{Certificate, DeletedFile, DeletedWhy, Outcome, PurgeAnswer, StoredCertificate},
    file::FileKind,
    keep::REASON_LENGTH,
    time::{Timestamp, clock_length},
    visible::visible_line,
};

use crate::{
    components::{Glyph, Icon},
    i18n::Locale,
    paths,
    reader::Reader,
    start::language_tag,
    this_page::locale,
    visit::{Page, Visit},
    words,
};

/// The longest name that is shown, in characters.
const LONGEST: usize = 400;

/// The certificate of a number.
pub async fn certificate(visit: Visit, Path(number): Path<String>) -> Response {
    let loaded = visit.service.certificate(&visit.me, &number).await;
    visit.answer(loaded, |stored| page(&stored)).await
}

/// A text in both languages; the style sheet hides the one that is not chosen.
macro_rules! both {
    ($($key:tt)+) => {
        pair(
            say!(Locale::en, $($key)+).into_any(),
            say!(Locale::zh_CN, $($key)+).into_any(),
        )
    };
}

fn pair(en: AnyView, zh: AnyView) -> AnyView {
    view! {
        <span class="en" lang=language_tag(Locale::en)>{en}</span>
        " "
        <span class="zh" lang=language_tag(Locale::zh_CN)>{zh}</span>
    }
    .into_any()
}

fn page(stored: &StoredCertificate) -> Page {
    let locale = locale();
    let of = &stored.certificate;
    let number = of.number.clone();
    let title = say!(locale, certificate.named, number);
    let (hash, number) = (stored.sha256.clone(), of.number.clone());
    let main = view! {
        <main class="sheet certificate" id="content" data-page=format!("certificate:{number}")>
            {bar(locale, &of.number)}
            <div class="scroll" tabindex="-1">
                <article class="paper">
                    {head(of)}
                    <p class="lead">{lead(of.outcome())}</p>
                    <h2>{both!(common.word.recording)}</h2>
                    {recording(of)}
                    <h2>{both!(certificate.why_who)}</h2>
                    {why(&of.why, of.checked_at)}
                    <h2>{both!(common.word.files)}</h2>
                    {files(&of.files)}
                    <h2>{both!(certificate.answers)}</h2>
                    {answers(of)}
                    <div class="sign">
                        <div>{both!(certificate.sign_name)}</div>
                        <div>{both!(certificate.sign)}</div>
                    </div>
                    <div class="foot">
                        <span>
                            {both!(certificate.hash)} <br />
                            <span class="mono">{hash}</span>
                        </span>
                        <span class="mono">{paths::certificate(&number)}</span>
                    </div>
                </article>
            </div>
        </main>
    };
    Page::new(title, main)
}

/// The way back, the choice of languages, the JSON and the button that prints; not on paper.
fn bar(locale: Locale, number: &str) -> impl IntoView + use<> {
    let choice = |id: &'static str, word: &'static str, is_on: bool| {
        view! {
            <label>
                <input type="radio" name="language" id=id checked=is_on autocomplete="off" />
                {word}
            </label>
        }
    };
    let json = format!("{}/json", paths::certificate(number));
    view! {
        <header class="paper-bar">
            <a class="crumb" href=paths::CERTIFICATES>
                <Icon glyph=Glyph::Left class="i-s" />
                {say!(locale, trash.certificates)}
            </a>
            <fieldset class="seg">
                <legend class="sr">{say!(locale, certificate.language)}</legend>
                {choice("paper-en", "English", false)}
                {choice("paper-zh", "中文", false)}
                {choice("paper-both", say!(locale, certificate.both), true)}
            </fieldset>
            <a class="btn" href=json data-turbo="false">
                <Icon glyph=Glyph::Terminal />
                {say!(locale, common.word.json)}
            </a>
            <button type="button" class="btn primary scripted" data-print="">
                <Icon glyph=Glyph::Print />
                {say!(locale, certificate.print)}
            </button>
        </header>
    }
}

fn head(of: &Certificate) -> impl IntoView + use<> {
    let reader = Reader::expect();
    let zone = words::zone_title(reader.locale, reader.zone.name(), reader.zone.offset(of.at));
    view! {
        <div class="head">
            <div>
                <span class="brand">
                    <Icon glyph=Glyph::Brand />
                    {say!(reader.locale, common.product)}
                </span>
                <h1>{both!(keep.certificate)}</h1>
            </div>
            <div class="no">
                {both!(common.word.number)} <b>{of.number.clone()}</b> {moment(of.at)} <br /> {zone}
            </div>
        </div>
    }
}

/// `2026-11-21 17:14:22` in the reader's zone.
fn moment(at: Timestamp) -> String {
    words::date_time(Reader::expect().zone.civil(at))
}

fn recording(of: &Certificate) -> impl IntoView + use<> {
    let room = both!(certificate.room_of, app = &of.app, room = of.room.as_str());
    let (from, to) = of.recorded;
    let recorded = match to {
        Some(to) => {
            let length = clock_length(to.since(from));
            format!("{} – {}, {length}", moment(from), moment(to))
        }
        None => moment(from),
    };
    view! {
        <dl>
            <dt>{both!(common.word.room)}</dt>
            <dd>{room}</dd>
            <dt>{both!(certificate.recorded)}</dt>
            <dd>{recorded}</dd>
            <dt>{both!(certificate.id)}</dt>
            <dd class="mono">{of.recording.to_string()}</dd>
        </dl>
    }
}

/// The outcome for all files; each answer of the storage is below.
fn lead(outcome: Outcome) -> AnyView {
    match outcome {
        Outcome::NoFiles => both!(certificate.lead.no_files),
        Outcome::AllDeleted => both!(certificate.lead.all_deleted),
        Outcome::NoneLeft => both!(certificate.lead.none_left),
        Outcome::SomeShared => both!(certificate.lead.some_shared),
    }
}

/// Why it was deleted, by whom, and that nothing held it.
fn why(of: &DeletedWhy, checked_at: Timestamp) -> impl IntoView + use<> {
    let by = |(at, name): &(Timestamp, String)| {
        format!("{}, {}", moment(*at), visible_line(name, LONGEST))
    };
    let reason = of.reason.as_deref().map(|reason| {
        let reason = visible_line(reason, REASON_LENGTH);
        format!("“{reason}”").into_any()
    });
    let reason = reason.unwrap_or_else(|| both!(certificate.lapsed));
    let line = |term: AnyView, text: String| {
        view! {
            <dt>{term}</dt>
            <dd>{text}</dd>
        }
    };
    let rule = of.rule.as_deref();
    let rule = rule.map(|rule| line(both!(certificate.rule), visible_line(rule, LONGEST)));
    let act = |term: AnyView, one: Option<&_>| one.map(|one| line(term, by(one)));
    let trashed = act(both!(certificate.trashed), of.trashed.as_ref());
    let asked = act(both!(certificate.asked), of.asked.as_ref());
    let agreed = act(both!(certificate.agreed), of.agreed.as_ref());
    let holds = both!(certificate.holds_none, time = moment(checked_at));
    view! {
        <dl>
            <dt>{both!(common.word.reason)}</dt>
            <dd>{reason}</dd>
            {rule}
            {trashed}
            {asked}
            {agreed}
            <dt>{both!(trash.requests.holds)}</dt>
            <dd>{holds}</dd>
        </dl>
    }
}

fn kind(of: FileKind) -> AnyView {
    let word = |locale| words::file_kind(locale, of).into_any();
    pair(word(Locale::en), word(Locale::zh_CN))
}

/// The files with their sizes, hashes and the storage's answers.
fn files(all: &[DeletedFile]) -> impl IntoView + use<> {
    let rows = all.iter().map(|file| {
        let version = (file.version > 1).then(|| both!(history.file.version, n = file.version));
        let size = match file.size {
            Some(size) => words::number(size).into_any(),
            None => both!(common.word.unknown),
        };
        let hash = file.sha256.clone().unwrap_or_else(|| "–".to_owned());
        view! {
            <tr>
                <td>
                    <span class="mono">{visible_line(&file.name, LONGEST)}</span>
                    <br />
                    {kind(file.kind)}
                    " "
                    {version}
                </td>
                <td class="r">{size}</td>
                <td class="mono">{hash}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    let sizes = all.iter().filter_map(|file| file.size);
    let sum = words::number(sizes.fold(0, u64::saturating_add));
    view! {
        <table>
            <thead>
                <tr>
                    <th>{both!(certificate.name_kind)}</th>
                    <th class="r">{both!(certificate.bytes)}</th>
                    <th>"SHA-256"</th>
                </tr>
            </thead>
            <tbody>
                {rows}
                <tr class="sum">
                    <td>{both!(certificate.together)}</td>
                    <td class="r">{sum}</td>
                    <td></td>
                </tr>
            </tbody>
        </table>
    }
}

/// The answers of the storage, each with its number of files.
fn answers(of: &Certificate) -> impl IntoView + use<> {
    let all = [
        PurgeAnswer::Deleted,
        PurgeAnswer::Absent,
        PurgeAnswer::Shared,
        PurgeAnswer::NoCopy,
    ];
    let total = of.files.len();
    let lines = all.into_iter().filter_map(|answer| {
        let files = of.files.iter();
        let n = files.filter(|file| file.answer == answer).count();
        (n > 0).then(|| {
            view! { <li>{n} " / " {total} ": " {answered(answer)}</li> }
        })
    });
    let lines = lines.collect_view();
    let times = of.files.iter().map(|file| file.at);
    let (from, to) = (times.clone().min(), times.max());
    let done = from.zip(to).map(|(from, to)| {
        view! {
            <dt>{both!(certificate.done)}</dt>
            <dd>
                {moment(from)} " – " {moment(to)} <ul>{lines}</ul>
            </dd>
        }
    });
    view! {
        <dl>
            <dt>{both!(storage.title)}</dt>
            <dd class="mono">{visible_line(&of.storage, LONGEST)}</dd>
            {done}
            <dt>{both!(certificate.platform)}</dt>
            <dd>{both!(certificate.platform_text)}</dd>
        </dl>
    }
}

fn answered(answer: PurgeAnswer) -> AnyView {
    match answer {
        PurgeAnswer::Deleted => both!(certificate.answer.deleted),
        PurgeAnswer::Absent => both!(certificate.answer.absent),
        PurgeAnswer::Shared => both!(certificate.answer.shared),
        PurgeAnswer::NoCopy => both!(certificate.answer.no_copy),
    }
}
