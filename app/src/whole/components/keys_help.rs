use leptos::prelude::*;

use super::{Glyph, Icon, Modal};
use crate::{
    i18n::{t_string, use_i18n},
    whole::keys::Keys,
};

/// All keys, in a dialog that `?` opens.
#[component]
pub fn KeysHelp(
    /// Whether it is open.
    open: RwSignal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Modal
            open=open
            label=Signal::derive(move || t_string!(i18n, keys.title))
            class="modal keys"
        >
            <Help open=open />
        </Modal>
    }
}

#[component]
fn Help(open: RwSignal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    let keys = Keys::expect();
    view! {
        <div class="modal-b">
            <header>
                <h2>{told!(i18n, keys.title)}</h2>
                <button
                    class="btn quiet icon"
                    aria-label=told!(i18n, common.action.close)
                    on:click=move |_| open.set(false)
                >
                    <Icon glyph=Glyph::X />
                </button>
            </header>
            {move || (!keys.are_on()).then(|| view! { <p class="hint">{told!(i18n, keys.off)}</p> })}
            {move || lists(i18n)}
        </div>
    }
}

/// The keys of every page, and those of each.
fn lists(i18n: leptos_i18n::I18nContext<crate::i18n::Locale>) -> impl IntoView {
    let go = |page: &'static str| t_string!(i18n, keys.go, page = page);
    let word = ToOwned::to_owned;
    let everywhere = [
        (vec!["Ctrl K", "⌘K"], word(t_string!(i18n, keys.jump_to))),
        (vec!["?"], word(t_string!(i18n, keys.help))),
        (vec!["G", "R"], go(t_string!(i18n, common.nav.rooms))),
        (vec!["G", "L"], go(t_string!(i18n, common.nav.library))),
        (vec!["G", "C"], word(t_string!(i18n, keys.go_callbacks))),
        (vec!["G", "S"], go(t_string!(i18n, common.nav.settings))),
        (vec!["Esc"], word(t_string!(i18n, keys.close))),
    ];
    let lists = [
        (vec!["/"], word(t_string!(i18n, keys.search))),
        (vec!["J", "K", "↓", "↑"], word(t_string!(i18n, keys.walk))),
        (vec!["Enter"], word(t_string!(i18n, keys.open))),
    ];
    let in_rooms = [
        (vec!["R"], word(t_string!(i18n, keys.start))),
        (vec!["S", "S"], word(t_string!(i18n, keys.stop))),
        (vec!["C"], word(t_string!(i18n, keys.check))),
    ];
    let in_callbacks = [
        (vec!["A"], word(t_string!(i18n, keys.assign))),
        (vec!["P"], word(t_string!(i18n, keys.replay))),
        (vec!["Y"], word(t_string!(i18n, keys.curl))),
    ];
    let in_player = [
        (vec!["Space"], word(t_string!(i18n, keys.play))),
        (vec!["←", "→"], word(t_string!(i18n, keys.skip))),
        (vec!["Shift ←", "→"], word(t_string!(i18n, keys.leap))),
        (vec![",", "."], word(t_string!(i18n, keys.frame))),
        (vec!["1–9"], word(t_string!(i18n, keys.track))),
        (vec!["0"], word(t_string!(i18n, keys.composite))),
        (vec!["M"], word(t_string!(i18n, keys.mute))),
        (vec!["F"], word(t_string!(i18n, keys.full_screen))),
    ];
    view! {
        <h3>{told!(i18n, keys.everywhere)}</h3>
        <dl>{everywhere.map(line).into_iter().collect_view()}</dl>
        <h3>{told!(i18n, keys.in_lists)}</h3>
        <dl>{lists.map(line).into_iter().collect_view()}</dl>
        <h3>{told!(i18n, common.nav.rooms)}</h3>
        <dl>{in_rooms.map(line).into_iter().collect_view()}</dl>
        <h3>{told!(i18n, common.nav.callbacks)}</h3>
        <dl>{in_callbacks.map(line).into_iter().collect_view()}</dl>
        <h3>{told!(i18n, recording.player.title)}</h3>
        <dl>{in_player.map(line).into_iter().collect_view()}</dl>
    }
}

fn line((keys, what): (Vec<&'static str>, String)) -> impl IntoView {
    view! {
        <dt>
            {keys.into_iter().map(|key| view! { <kbd>{key}</kbd> }).collect_view()}
        </dt>
        <dd>{what}</dd>
    }
}
