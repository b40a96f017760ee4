//! Starting a recording of a whole meeting.

use reelroom_domain::{
    ids::RecordingId,
    order::{Draft, StartForm},
    room::RoomId,
};
use reelroom_store::{Write, apps::App};

use crate::{
    Found, Service, StartError,
    presets::view::{first_form, platform_form},
    recordings::start::{Asker, Order, parse},
};

impl Service {
    /// Starts a recording by the room's form, to the end of its meeting. Commits `tx` with the request.
    pub(super) async fn start_whole(
        &self,
        mut tx: Write,
        by: Asker<'_>,
        app: App,
        room: &RoomId,
    ) -> Result<RecordingId, StartError> {
        let form = first_form(&mut tx, app.id, room).await?;
        let order = to_the_end(form).found()?;
        let recording = self.request(&mut tx, by, &app, room, &order).await?;
        self.send_start(tx, app, recording, order).await
    }
}

/// The order for a whole meeting, by the room's form. If that has mistakes, the platform's default
/// form is used, because a recording under another name is better than none.
fn to_the_end(form: StartForm) -> Option<Order> {
    let whole = |form: StartForm| {
        Draft::cut(StartForm {
            stop_after: String::new(),
            stop_at_end: true,
            ..form
        })
    };
    parse(&whole(form))
        .or_else(|_| parse(&whole(platform_form())))
        .ok()
}

#[cfg(test)]
mod tests {
    use reelroom_domain::naming::NamingRule;

    use super::*;

    #[test]
    fn an_invalid_form_does_not_prevent_an_automatic_start() {
        let typed = |rule: &str| StartForm {
            rule: rule.to_owned(),
            stop_after: "an hour".to_owned(),
            ..platform_form()
        };
        let order = to_the_end(typed("own_{date}_{random}")).unwrap();
        assert_eq!(order.rule.as_str(), "own_{date}_{random}");
        assert_eq!(
            (order.auto_stop.after_ms, order.auto_stop.at_end),
            (None, true)
        );
        let order = to_the_end(typed("no levels {nope}")).unwrap();
        assert_eq!(order.rule.as_str(), NamingRule::DEFAULT);
    }
}
