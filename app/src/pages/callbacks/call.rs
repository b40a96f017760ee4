//! One call: what it is, what people do with it, what came and how it was understood.

use leptos::prelude::*;
use reelroom_domain::{
    callback::CallbackKind,
    inbox::{CallMark, CallView, Trouble},
};

use super::{
    actions::Actions,
    address::Asked,
    assign::Assign,
    body::Body,
    keys,
    mark::Mark,
    room_name,
    understood::{Fields, kind_word},
};
use crate::{
    components::{Banner, Glyph, Icon, Time, Tone},
    i18n::{Locale, t, t_string, td_string, use_i18n},
    paths, platform,
    words::TimeStyle,
};

/// The open call. Opened anew for another call; loaded again, it keeps what is open in it.
#[component]
pub fn CallPane(call: Signal<Option<CallView>>, asked: Memo<Asked>) -> impl IntoView {
    let id = Memo::new(move |_| call.with(|call| call.as_ref().map(|call| call.row.id)));
    view! {
        <For each=move || id.get() key=|id| *id let:id>
            {call
                .get_untracked()
                .map(|first| {
                    let call = Memo::new(move |last: Option<&CallView>| {
                        call.get()
                            .filter(|call| call.row.id == id)
                            .unwrap_or_else(|| last.unwrap_or(&first).clone())
                    });
                    view! { <Call call=call asked=asked /> }
                })}
        </For>
    }
}

#[component]
fn Call(call: Memo<CallView>, asked: Memo<Asked>) -> impl IntoView {
    let i18n = use_i18n();
    let trouble = Memo::new(move |_| {
        call.with(|call| call.trouble.clone().filter(|_| call.recording.is_none()))
    });
    let curl = Memo::new(move |_| call.with(|call| call.curl.clone()));
    view! {
        <article class="detail-b" aria-labelledby="call-h">
            <Head call=call asked=asked />
            {move || {
                trouble
                    .get()
                    .map(|trouble| {
                        let title = Signal::derive(move || {
                            trouble_words(i18n.get_locale(), &trouble)
                        });
                        view! {
                            <Banner tone=Tone::Wait title=title>
                                <p>{say!(i18n, callbacks.trouble.then)}</p>
                            </Banner>
                        }
                    })
            }}
            <Tied call=call />
            <Assign call=call asked=asked />
            <div class="split">
                <Body call=call />
                <Fields call=call />
            </div>
            <details class="cb-curl">
                <summary>{say!(i18n, callbacks.curl.title)}</summary>
                {move || match curl.get() {
                    Some(command) => {
                        view! {
                            <div class="codeview">
                                <pre class="cb-pre" tabindex="0" dir="ltr">
                                    {command}
                                </pre>
                            </div>
                            <p class="hint">{say!(i18n, callbacks.curl.hint)}</p>
                        }
                            .into_any()
                    }
                    None => view! { <p class="hint">{say!(i18n, callbacks.curl.too_large)}</p> }.into_any(),
                }}
            </details>
        </article>
    }
}

/// What it is, when and from where it came, and what can be done.
#[component]
fn Head(call: Memo<CallView>, asked: Memo<Asked>) -> impl IntoView {
    let i18n = use_i18n();
    let first = call.get_untracked();
    let (at, remote) = (first.row.received_at, first.remote.clone());
    let mark = Memo::new(move |_| call.with(|call| (call.row.mark, call.row.dealt)));
    let understood_at = Memo::new(move |_| call.with(|call| call.understood_at));
    let back = move || asked.with(Asked::of_list).path();
    view! {
        <header class="detail-h">
            <a class="btn quiet icon back" href=back aria-label=say!(i18n, common.action.back)>
                <Icon glyph=Glyph::Left />
            </a>
            <div>
                <h2 id="call-h">
                    <bdi>{move || call.with(|call| title(i18n.get_locale(), call))}</bdi>
                    {move || {
                        let (mark, dealt) = mark.get();
                        view! { <Mark mark=mark dealt=dealt /> }
                    }}
                </h2>
                <p>
                    {if remote.is_empty() {
                        view! { <Time at=at style=TimeStyle::Full /> }.into_any()
                    } else {
                        t!(
                            i18n,
                            callbacks.from,
                            time = move || view! { <Time at=at style=TimeStyle::Full /> },
                            address = remote
                        )
                            .into_any()
                    }}
                    {move || {
                        understood_at
                            .get()
                            .map(|at| {
                                view! {
                                    " · "
                                    {t!(
                                        i18n,
                                        callbacks.read_at,
                                        time = move || view! { <Time at=at style=TimeStyle::Seconds /> }
                                    )}
                                }
                            })
                    }}
                </p>
            </div>
            <Buttons call=call asked=asked />
        </header>
    }
}

/// Replay, deal with, copy.
#[component]
fn Buttons(call: Memo<CallView>, asked: Memo<Asked>) -> impl IntoView {
    let i18n = use_i18n();
    let actions: Actions = expect_context();
    let id = call.with_untracked(|call| call.row.id).to_string();
    let may = Memo::new(move |_| call.with(|call| call.role.may_record()));
    let dealing = Memo::new(move |_| {
        call.with(|call| {
            (
                call.row.needs_attention(),
                call.dealt.is_some() && call.role.may_record(),
            )
        })
    });
    let id = StoredValue::new(id);
    let hidden = move || {
        view! {
            <input type="hidden" name="id" value=id.get_value() />
            <input type="hidden" name="back" value=move || asked.with(Asked::path) />
        }
    };
    view! {
        {move || {
            may.get()
                .then(|| {
                    view! {
                        <ActionForm action=actions.replay>
                            {hidden()}
                            <button class="btn" id=keys::REPLAY>
                                <Icon glyph=Glyph::Refresh />
                                {say!(i18n, callbacks.replay)}
                            </button>
                        </ActionForm>
                    }
                })
        }}
        {move || {
            let (open, dealt) = dealing.get();
            (may.get() && (open || dealt))
                .then(|| {
                    view! {
                        <ActionForm action=actions.deal>
                            {hidden()}
                            {open.then(|| view! { <input type="hidden" name="dealt" value="yes" /> })}
                            <button class="btn">
                                <Icon glyph=if open { Glyph::Check } else { Glyph::Question } />
                                {if open {
                                    say!(i18n, callbacks.deal)
                                } else {
                                    say!(i18n, callbacks.undeal)
                                }}
                            </button>
                        </ActionForm>
                    }
                })
        }}
        <CurlButton call=call />
    }
}

/// Copies the command. Shown only where scripts run: it stands below, to be selected.
#[component]
fn CurlButton(call: Memo<CallView>) -> impl IntoView {
    let i18n = use_i18n();
    let alive = RwSignal::new(false);
    let copied = RwSignal::new(false);
    Effect::new(move || alive.set(true));
    let there = Memo::new(move |_| call.with(|call| call.curl.is_some()));
    let copy = move |_| {
        if let Some(command) = call.with_untracked(|call| call.curl.clone()) {
            platform::copy_text(&command);
            copied.set(true);
        }
    };
    view! {
        <button
            type="button"
            class="btn"
            id=keys::CURL
            hidden=move || !(alive.get() && there.get())
            on:click=copy
        >
            <Icon glyph=Glyph::Terminal />
            <span aria-live="polite">
                {move || {
                    if copied.get() {
                        t_string!(i18n, common.action.copied)
                    } else {
                        t_string!(i18n, callbacks.curl.copy)
                    }
                }}
            </span>
        </button>
    }
}

/// The recording that it tells of, and who tied it or dealt with it.
#[component]
fn Tied(call: Memo<CallView>) -> impl IntoView {
    let i18n = use_i18n();
    let tied = Memo::new(move |_| {
        call.with(|call| {
            let recording = call.recording.as_ref();
            let recording = recording.map(|row| (row.id, room_name(&row.room), row.requested_at));
            (recording, call.assigned_by.clone(), call.dealt.clone())
        })
    });
    view! {
        {move || {
            let (recording, by, dealt) = tied.get();
            view! {
                {recording
                    .map(|(id, room, at)| {
                        view! {
                            <p class="cb-tied">
                                <Icon glyph=Glyph::Link />
                                <span>
                                    <a href=paths::recording(id)>
                                        <bdi>{room}</bdi>
                                    </a>
                                    ", "
                                    <Time at=at style=TimeStyle::Near />
                                    {by
                                        .map(|by| {
                                            view! { " · " {t!(i18n, callbacks.assigned_by, name = by)} }
                                        })}
                                </span>
                            </p>
                        }
                    })}
                {dealt
                    .map(|(by, at)| {
                        view! {
                            <p class="cb-tied">
                                <Icon glyph=Glyph::Check />
                                <span>
                                    {t!(
                                        i18n,
                                        callbacks.dealt_by,
                                        name = by,
                                        time = move || view! { <Time at=at style=TimeStyle::Near /> }
                                    )}
                                </span>
                            </p>
                        }
                    })}
            }
        }}
    }
}

/// "Track of u1040 in class-7B", as far as it is known.
fn title(locale: Locale, call: &CallView) -> String {
    let row = &call.row;
    if row.mark == CallMark::Test {
        return td_string!(locale, callbacks.what.test).to_owned();
    }
    let what = match (row.kind, row.file_kind, &row.participant) {
        (CallbackKind::Status, ..) => td_string!(locale, callbacks.what.status).to_owned(),
        (CallbackKind::Av, Some(kind), Some(person)) => td_string!(
            locale,
            callbacks.what.of,
            what = kind_word(locale, kind),
            person = person.clone()
        ),
        (CallbackKind::Av, Some(kind), None) => kind_word(locale, kind).to_owned(),
        (CallbackKind::Av, None, _) => td_string!(locale, callbacks.what.file).to_owned(),
    };
    match &row.room {
        Some(room) => td_string!(
            locale,
            callbacks.what.in_room,
            what = what,
            room = room.clone()
        ),
        None => what,
    }
}

fn trouble_words(locale: Locale, trouble: &Trouble) -> String {
    let fixed = match trouble {
        Trouble::NotJson(words) => {
            return td_string!(locale, callbacks.trouble.not_json, words = words.clone());
        }
        Trouble::Missing(name) => {
            return td_string!(locale, callbacks.trouble.missing, name = name.clone());
        }
        Trouble::UnknownKind(kind) => {
            return td_string!(locale, callbacks.trouble.kind, kind = kind.clone());
        }
        Trouble::NotAnObject => td_string!(locale, callbacks.trouble.shape),
        Trouble::BadRoom => td_string!(locale, callbacks.trouble.room),
        Trouble::NoEvent => td_string!(locale, callbacks.trouble.no_event),
    };
    fixed.to_owned()
}
