use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::inbox::CallView;

use super::address::Address;
use crate::{
    components::{Glyph, Icon},
    server_fns::{DealWithCall, ReplayCall},
    this_page::locale,
};

/// The actions on the open call: replay, mark as dealt with, copy as a command.
#[component]
pub fn Buttons(call: CallView, here: Address) -> impl IntoView {
    let locale = locale();
    let id = call.row.id.to_string();
    let may = call.role.may_record();
    let replay = may.then(|| {
        view! {
            <form method="post" action=ReplayCall::url()>
                <input type="hidden" name="id" value=id.clone() />
                {here.back()}
                <button class="btn" data-key="p" data-does=say!(locale, keys.replay)>
                    <Icon glyph=Glyph::Refresh />
                    {say!(locale, callbacks.replay)}
                </button>
            </form>
        }
    });
    let is_open = call.row.needs_attention();
    let deal = (may && (is_open || call.dealt.is_some())).then(|| {
        let (glyph, word, dealt) = if is_open {
            (Glyph::Check, say!(locale, callbacks.deal), "yes")
        } else {
            (Glyph::Question, say!(locale, callbacks.undeal), "")
        };
        view! {
            <form method="post" action=DealWithCall::url()>
                <input type="hidden" name="id" value=id />
                <input type="hidden" name="dealt" value=dealt />
                {here.back()}
                <button class="btn">
                    <Icon glyph=glyph />
                    {word}
                </button>
            </form>
        }
    });
    let curl = call.curl.map(|command| {
        view! {
            // The command is shown below and can be selected.
            <copy-button class="scripted" text=command done=say!(locale, common.action.copied)>
                <button type="button" class="btn" data-key="y" data-does=say!(locale, keys.curl)>
                    <Icon glyph=Glyph::Terminal />
                    <span aria-live="polite">{say!(locale, callbacks.curl.copy)}</span>
                </button>
            </copy-button>
        }
    });
    view! {
        {replay}
        {deal}
        {curl}
    }
}
