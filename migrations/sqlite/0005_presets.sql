-- Start forms that were saved under a name, for the rooms of an app.

CREATE TABLE presets (
    id          TEXT    NOT NULL PRIMARY KEY,
    app_id      TEXT    NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    name        TEXT    NOT NULL,
    name_key    TEXT    NOT NULL,
    place       INTEGER NOT NULL, -- among the app's others; gaps do no harm
    for_all     INTEGER NOT NULL,
    rule        TEXT    NOT NULL,
    path        TEXT    NOT NULL,
    user_data   TEXT    NOT NULL,
    kind        TEXT    NOT NULL,
    stop_after  TEXT    NOT NULL,
    stop_at_end INTEGER NOT NULL,
    changed_at  INTEGER NOT NULL,
    changed_by  TEXT    NOT NULL
) STRICT;
CREATE UNIQUE INDEX presets_by_name ON presets (app_id, name_key);
CREATE UNIQUE INDEX presets_one_for_all ON presets (app_id) WHERE for_all = 1;

-- The preset that the room's form begins with.
ALTER TABLE rooms ADD COLUMN preset_id TEXT REFERENCES presets (id) ON DELETE SET NULL;
-- What stood in the form before a preset filled it in without a script: JSON.
ALTER TABLE rooms ADD COLUMN form_before TEXT;
CREATE INDEX rooms_of_preset ON rooms (preset_id) WHERE preset_id IS NOT NULL;
