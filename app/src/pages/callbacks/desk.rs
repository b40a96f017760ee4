//! What stands above the inbox: the addresses for the console, and whether we can be reached.

use leptos::prelude::*;
use reelroom_domain::{inbox::InboxHeader, intake::RejectedView};

use super::{actions::Actions, address::Asked, hops::Hops};
use crate::{
    components::{CopyButton, Glyph, Icon, Time},
    i18n::{t, t_string, use_i18n},
    words::TimeStyle,
};

/// The strip; for administrators.
#[component]
pub fn Strip(desk: Signal<Option<InboxHeader>>, asked: Memo<Asked>) -> impl IntoView {
    let there = Memo::new(move |_| desk.with(Option::is_some));
    move || {
        there.get().then(|| {
            let known = Memo::new(move |before: Option<&InboxHeader>| {
                let new = desk.get().or_else(|| before.cloned());
                unmasked(new.unwrap_or_else(nothing), before)
            });
            view! {
                <div class="strip4">
                    <Console desk=known asked=asked />
                    <Reach desk=known asked=asked />
                </div>
            }
        })
    }
}

/// A desk of which nothing is known.
fn nothing() -> InboxHeader {
    InboxHeader {
        public_url: None,
        local_url: None,
        file_path: String::new(),
        status_path: String::new(),
        revealed: false,
        last_accepted_at: None,
        test: None,
        rejected: RejectedView::default(),
    }
}

/// The desk with the secret that `before` showed: loaded again it is masked.
fn unmasked(new: InboxHeader, before: Option<&InboxHeader>) -> InboxHeader {
    match before {
        Some(before) if before.revealed => InboxHeader {
            file_path: before.file_path.clone(),
            status_path: before.status_path.clone(),
            revealed: true,
            ..new
        },
        _ => new,
    }
}

/// What to paste into the platform's console. The secret is revealed by a form, not by a link: no
/// address that somebody sends shows it.
#[component]
fn Console(desk: Memo<InboxHeader>, asked: Memo<Asked>) -> impl IntoView {
    let i18n = use_i18n();
    let revealed = Memo::new(move |_| desk.with(|desk| desk.revealed));
    let here = move || asked.with(Asked::path);
    let address = move |path: fn(&InboxHeader) -> &String| {
        Signal::derive(move || {
            desk.with(|desk| {
                format!(
                    "{}{}",
                    desk.public_url.as_deref().unwrap_or_default(),
                    path(desk)
                )
            })
        })
    };
    let copybox = move |word: Signal<&'static str>, text: Signal<String>| {
        view! {
            <div class="copybox">
                <span>{word}</span>
                <code title=text>{text}</code>
                {move || {
                    revealed
                        .get()
                        .then(|| view! { <CopyButton text=text label=Signal::derive(move || word.get().to_owned()) /> })
                }}
            </div>
        }
    };
    view! {
        <section aria-labelledby="console-h">
            <h2 id="console-h">
                {say!(i18n, callbacks.desk.console)}
                {move || match desk.with(|desk| desk.last_accepted_at) {
                    Some(_) => {
                        view! {
                            <span class="pill" data-tone="ok">
                                <Icon glyph=Glyph::Check />
                                {say!(i18n, callbacks.desk.receiving)}
                            </span>
                        }
                            .into_any()
                    }
                    None => {
                        view! {
                            <span class="pill">
                                <Icon glyph=Glyph::Idle />
                                {say!(i18n, callbacks.desk.nothing_yet)}
                            </span>
                        }
                            .into_any()
                    }
                }}
            </h2>
            {copybox(say!(i18n, callbacks.desk.files), address(|desk| &desk.file_path))}
            {copybox(say!(i18n, callbacks.desk.status), address(|desk| &desk.status_path))}
            <p class="hint">
                {move || {
                    desk.with(|desk| desk.public_url.is_none())
                        .then(|| view! { {say!(i18n, callbacks.desk.no_public)} " " })
                }}
            </p>
            {move || {
                if revealed.get() {
                    view! {
                        <a class="hint" href=here rel="external">
                            {say!(i18n, callbacks.desk.hide)}
                        </a>
                    }
                        .into_any()
                } else {
                    view! {
                        <form method="post" action=here>
                            <button class="btn quiet">{say!(i18n, callbacks.desk.show)}</button>
                        </form>
                    }
                        .into_any()
                }
            }}
            {move || desk.with(|desk| rejected(desk.rejected.clone()))}
        </section>
    }
}

/// Calls that may not call: most often the console has an old address.
pub fn rejected(away: RejectedView) -> Option<impl IntoView> {
    let i18n = use_i18n();
    let last = away.last?;
    let at = last.last_at;
    let time = move || view! { <Time at=at style=TimeStyle::Near /> };
    let remote = move || match last.remote.as_str() {
        "" => t_string!(i18n, callbacks.desk.someone).to_owned(),
        remote => remote.to_owned(),
    };
    Some(view! {
        <p class="hint away" role="note">
            <Icon glyph=Glyph::Alert />
            {t!(i18n, callbacks.desk.rejected, calls = away.calls, remote, time)}
        </p>
    })
}

/// The test callback.
#[component]
fn Reach(desk: Memo<InboxHeader>, asked: Memo<Asked>) -> impl IntoView {
    let i18n = use_i18n();
    let actions: Actions = expect_context();
    let public = Memo::new(move |_| desk.with(|desk| desk.public_url.is_some()));
    let local = Memo::new(move |_| desk.with(|desk| desk.local_url.clone()));
    let pending = actions.test.pending();
    let test = Memo::new(move |_| desk.with(|desk| desk.test.clone()));
    view! {
        <section aria-labelledby="reach-h">
            <h2 id="reach-h">
                {say!(i18n, callbacks.desk.reach)}
                {move || {
                    let to_local = !public.get();
                    (public.get() || local.with(Option::is_some))
                        .then(|| {
                            view! {
                                <ActionForm action=actions.test>
                                    <input
                                        type="hidden"
                                        name="back"
                                        value=move || asked.with(Asked::path)
                                    />
                                    {to_local
                                        .then(|| {
                                            view! { <input type="hidden" name="local" value="yes" /> }
                                        })}
                                    <button class="btn" aria-busy=move || pending.get().then_some("true")>
                                        <Icon glyph=Glyph::Send />
                                        {say!(i18n, callbacks.desk.send)}
                                    </button>
                                </ActionForm>
                            }
                        })
                }}
            </h2>
            {move || {
                (!public.get())
                    .then(|| {
                        let local = local.get().unwrap_or_default();
                        view! {
                            <p class="hint">
                                {t!(i18n, callbacks.desk.no_public_test, address = local)}
                            </p>
                        }
                    })
            }}
            <div aria-live="polite">
                {move || match test.get() {
                    Some(report) => {
                        let (at, address) = (report.at, report.address.clone());
                        let call = report.call;
                        view! {
                            <Hops report=report />
                            <p class="hint">
                                {t!(
                                    i18n,
                                    callbacks.desk.tested,
                                    address = address,
                                    time = move || view! { <Time at=at style=TimeStyle::Near /> }
                                )}
                                {call
                                    .map(|call| {
                                        view! {
                                            " "
                                            <a href=move || asked.with(|asked| asked.open(call))>
                                                {say!(i18n, callbacks.desk.open_test)}
                                            </a>
                                        }
                                    })}
                            </p>
                        }
                            .into_any()
                    }
                    None => {
                        view! { <p class="hint">{say!(i18n, callbacks.desk.not_tested)}</p> }
                            .into_any()
                    }
                }}
            </div>
        </section>
    }
}
