-- Start forms that were saved under a name, for the rooms of an app.

CREATE TABLE presets (
    id          TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    app_id      TEXT COLLATE "C" NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    name        TEXT COLLATE "C" NOT NULL,
    name_key    TEXT COLLATE "C" NOT NULL,
    place       BIGINT  NOT NULL, -- among the app's others; gaps do no harm
    for_all     BIGINT  NOT NULL,
    rule        TEXT COLLATE "C" NOT NULL,
    path        TEXT COLLATE "C" NOT NULL,
    user_data   TEXT COLLATE "C" NOT NULL,
    kind        TEXT COLLATE "C" NOT NULL,
    stop_after  TEXT COLLATE "C" NOT NULL,
    stop_at_end BIGINT  NOT NULL,
    changed_at  BIGINT  NOT NULL,
    changed_by  TEXT COLLATE "C" NOT NULL
);
CREATE UNIQUE INDEX presets_by_name ON presets (app_id, name_key);
CREATE UNIQUE INDEX presets_one_for_all ON presets (app_id) WHERE for_all = 1;

-- The preset that the room's form begins with.
ALTER TABLE rooms ADD COLUMN preset_id TEXT COLLATE "C" REFERENCES presets (id) ON DELETE SET NULL;
-- What stood in the form before a preset filled it in without a script: JSON.
ALTER TABLE rooms ADD COLUMN form_before TEXT COLLATE "C";
CREATE INDEX rooms_of_preset ON rooms (preset_id) WHERE preset_id IS NOT NULL;
