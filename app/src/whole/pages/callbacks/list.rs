//! The list of calls: tabs, search, rows.

use leptos::prelude::*;
use reelroom_domain::inbox::{Inbox, InboxTab};

use super::{address::Asked, msg::Msg, search::Search};
use crate::{
    error::ApiError,
    i18n::{t_string, use_i18n},
    whole::components::{Arrived, Each, Empty, ErrorNote, Glyph, Skeleton},
};

/// What the list is loaded into.
pub type Answer = Resource<Result<Inbox, ApiError>>;

/// The list with its tabs.
#[component]
pub fn ListPane(asked: Memo<Asked>, inbox: Answer) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <section class="inbox" aria-label=told!(i18n, callbacks.list.title)>
            <div class="inbox-h">
                <Arrived of=inbox>
                    <Tabs asked=asked inbox=inbox />
                </Arrived>
                <Search asked=asked />
            </div>
            <nav class="msgs scroll" aria-label=told!(i18n, callbacks.list.calls)>
                <Arrived of=inbox fallback=|| view! { <Skeleton /> }>
                    <Rows asked=asked inbox=inbox />
                </Arrived>
            </nav>
        </section>
    }
}

/// A link a tab, each with its number.
#[component]
fn Tabs(asked: Memo<Asked>, inbox: Answer) -> impl IntoView {
    let i18n = use_i18n();
    let count = move |tab| {
        inbox.with(|inbox| match inbox {
            Some(Ok(inbox)) => inbox.count(tab),
            _ => 0,
        })
    };
    let number = move |tab| match count(tab) {
        Inbox::COUNTED.. => format!("{}+", Inbox::COUNTED),
        count => count.to_string(),
    };
    let link = move |tab: InboxTab| {
        let word = move || match tab {
            InboxTab::All => t_string!(i18n, callbacks.tab.all),
            InboxTab::Unrecognised => t_string!(i18n, callbacks.tab.unrecognised),
            InboxTab::Malformed => t_string!(i18n, callbacks.tab.malformed),
            InboxTab::Auto => t_string!(i18n, callbacks.tab.auto),
            InboxTab::Duplicate => t_string!(i18n, callbacks.tab.duplicate),
            InboxTab::Accepted => t_string!(i18n, callbacks.tab.accepted),
        };
        let is_open = move || asked.with(|asked| asked.show == tab);
        // The rare one has a place only while there is one.
        let hidden = move || tab == InboxTab::Malformed && count(tab) == 0 && !is_open();
        view! {
            <a
                href=move || asked.with(|asked| asked.tab(tab))
                aria-current=move || is_open().then_some("true")
                hidden=hidden
                data-noscroll
            >
                {word}
                <span class="count">{move || number(tab)}</span>
            </a>
        }
    };
    view! {
        <div class="seg" role="group" aria-label=told!(i18n, callbacks.list.verdict)>
            {InboxTab::ALL.iter().copied().map(link).collect_view()}
        </div>
    }
}

#[component]
fn Rows(asked: Memo<Asked>, inbox: Answer) -> impl IntoView {
    let i18n = use_i18n();
    let calls = Memo::new(move |_| {
        inbox.with(|inbox| match inbox {
            Some(Ok(inbox)) => inbox.calls.clone(),
            _ => Vec::new(),
        })
    });
    let older = move || {
        inbox.with(|inbox| match inbox {
            Some(Ok(inbox)) => inbox.older.clone(),
            _ => None,
        })
    };
    view! {
        <Each of=calls key=|row| row.id let:row>
            <Msg row=row asked=asked />
        </Each>
        {move || {
            inbox.with(|inbox| match inbox {
                Some(Err(error)) => view! { <ErrorNote error=error.clone() /> }.into_any(),
                Some(Ok(inbox)) if inbox.calls.is_empty() => {
                    view! { <NoCalls asked=asked.get() /> }.into_any()
                }
                _ => ().into_any(),
            })
        }}
        <div class="pager">
            {move || {
                asked
                    .with(|asked| !asked.before.is_empty())
                    .then(|| {
                        let newest = asked.with(|asked| asked.tab(asked.show));
                        view! {
                            <a class="btn quiet" href=newest>
                                {told!(i18n, callbacks.list.newest)}
                            </a>
                        }
                    })
            }}
            {move || {
                older()
                    .map(|before| {
                        let older = Asked { before, ..asked.get() }.path();
                        view! {
                            <a class="btn" href=older>
                                {told!(i18n, callbacks.list.older)}
                            </a>
                        }
                    })
            }}
        </div>
    }
}

/// Nothing to list: none yet, or none that match.
#[component]
fn NoCalls(asked: Asked) -> impl IntoView {
    let i18n = use_i18n();
    let narrowed = asked.is_narrowed() || !asked.before.is_empty();
    if asked.show == InboxTab::All && !narrowed {
        return view! {
            <Empty
                glyph=Glyph::Inbox
                title=told!(i18n, callbacks.list.none)
                text=told!(i18n, callbacks.list.none_text)
            />
        }
        .into_any();
    }
    let search = asked.search.clone();
    let title = Signal::derive(move || {
        if search.is_empty() {
            t_string!(i18n, callbacks.list.no_match).to_owned()
        } else {
            t_string!(
                i18n,
                callbacks.list.no_match_search,
                search = search.clone()
            )
        }
    });
    view! {
        <Empty glyph=Glyph::Search title=title>
            <div class="btns">
                <a class="btn" href="/callbacks">
                    {told!(i18n, callbacks.list.clear)}
                </a>
            </div>
        </Empty>
    }
    .into_any()
}
