PRAGMA application_id = 1280201552;
PRAGMA user_version = 10;
BEGIN TRANSACTION;
CREATE TABLE pipeline_associations (
            kind TEXT NOT NULL,
            place TEXT NOT NULL,
            pipeline_type TEXT NOT NULL,
            reference TEXT NOT NULL,
            PRIMARY KEY (kind, place, pipeline_type)
        ) WITHOUT ROWID;
INSERT INTO "pipeline_associations" VALUES('folder','/data','document','trimming');
CREATE TABLE pipeline_statistics (
            name TEXT NOT NULL,
            version TEXT NOT NULL,
            shape TEXT NOT NULL,
            runs INTEGER NOT NULL,
            failed INTEGER NOT NULL,
            first TEXT NOT NULL,
            last TEXT NOT NULL,
            state BLOB NOT NULL,
            PRIMARY KEY (name, version, shape)
        );
INSERT INTO "pipeline_statistics" VALUES('trimming','1.0.0','a0f6b067f8391b08',1,0,'2025-11-21T09:02:00.000000+00:00','2025-11-21T09:02:00.000000+00:00',X'4C414E4553434F504520434845434B504F494E540A0100000084B6271C12D22F6192EB3EE90B418DDAD4AC964014AD5444BDC6FFA24E467F191303000000000000D31300000000000028B52FFD60D312AD0900624F312A9027CD014FEB77A7FD9FF7FF0309DB20ED06DBBDCDDEA3DD8076DC69404CCC7E7F6A447C3489CC8CF801050D0C0B0F0E0A0055558592831A1D7412C741E838932E0B36E5972B82EECBC7948B355F1E6847E5973BA0375DC2C812FA1C0749A2CFB242184CD1E68A94F9B252608CECCB4D43DFA6CBA5C5C9DC976B8D0C81965522701E9455F5B24A94E5231AC1954D67AC185777373568D684F38D4D97CC62F1CBAA97916544D974391F85CB97CF5E6BD8A22DBEE9CC6B8A2F1FE135E75A9CDF74E6D67B232C207082A9B929D78DA1081E0203F04104F8402434E2F98664D53A1690FF4E3443931451030935501788E100F0DE52067520C0D0A7846603011320CC0062F93472810DDB91D56596D13F8B77DA4E560D2E61DEA406221E25E41DBE41DF9A80D8998BC3EF3017BBC611D641ED01');
CREATE TABLE pipelines (
            name TEXT NOT NULL,
            version TEXT NOT NULL,
            saved TEXT NOT NULL,
            definition TEXT NOT NULL,
            PRIMARY KEY (name, version)
        ) WITHOUT ROWID;
INSERT INTO "pipelines" VALUES('trimming','1.0.0','2025-11-21T09:00:00.000000+00:00','{"name":"trimming","version":"1.0.0","description":"","type":"document","stages":[{"name":"quality","type":"native","stage":"quality","udf_name":null,"pipeline":null,"stages":[],"parameters":{"three_prime":25},"enabled":true,"timeout":null,"on_failure":null}],"timeout":null,"on_failure":{"action":"abort","attempts":3,"backoff":0.1,"jitter":0.1,"then":"abort"}}');
CREATE TABLE results (
            run_id INTEGER NOT NULL REFERENCES runs (run_id) ON DELETE CASCADE,
            module TEXT NOT NULL,
            result TEXT NOT NULL,
            PRIMARY KEY (run_id, module)
        );
INSERT INTO "results" VALUES(1,'basic','{"reads": 12, "bases": 168, "shortest": 14, "longest": 14, "gc_percent": 41.5, "mean_quality": 33.25, "q20_bases": 160, "q30_bases": 150, "lowest_quality_byte": 35, "highest_quality_byte": 73}');
INSERT INTO "results" VALUES(1,'base_quality','{"starts": [1, 10], "ends": [9, 14], "mean": [33.0, null], "median": [34.0, null], "lower_quartile": [30.0, null], "upper_quartile": [36.0, null], "percentile_10": [20.0, null], "percentile_90": [38.0, null]}');
INSERT INTO "results" VALUES(1,'sequence_quality','{"qualities": [32, 33], "counts": [5, 7]}');
INSERT INTO "results" VALUES(1,'base_content','{"starts": [1, 10], "ends": [9, 14], "a": [25.0, 30.0], "c": [25.0, 20.0], "g": [25.0, 20.0], "t": [25.0, 30.0]}');
INSERT INTO "results" VALUES(1,'gc_content','{"counts": [0.0, 12.0], "theory": [0.5, 11.5]}');
INSERT INTO "results" VALUES(1,'n_content','{"starts": [1, 10], "ends": [9, 14], "n": [0.0, null]}');
INSERT INTO "results" VALUES(1,'lengths','{"starts": [13, 14, 15], "ends": [13, 14, 15], "counts": [0, 12, 0]}');
INSERT INTO "results" VALUES(2,'basic','{"reads": 0, "bases": 0, "shortest": 0, "longest": 0, "gc_percent": 0.0, "mean_quality": 0.0, "q20_bases": 0, "q30_bases": 0, "lowest_quality_byte": 0, "highest_quality_byte": 0}');
CREATE TABLE runs (
            run_id INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL,
            path TEXT NOT NULL,
            kind TEXT NOT NULL,
            state TEXT NOT NULL,
            created TEXT NOT NULL,
            started TEXT,
            finished TEXT,
            saved TEXT NOT NULL,
            elapsed REAL NOT NULL,
            time_left REAL,
            bytes_total INTEGER,
            workers INTEGER NOT NULL,
            reads INTEGER NOT NULL,
            bases INTEGER NOT NULL,
            gc_percent REAL,
            mean_quality REAL,
            deleted_at TEXT,
            deleted_by TEXT,
            host TEXT NOT NULL,
            owner TEXT NOT NULL,
            failure TEXT,
            versions TEXT NOT NULL,
            parameters TEXT NOT NULL,
            queue TEXT NOT NULL,
            threads TEXT NOT NULL
        , inputs TEXT NOT NULL DEFAULT '[]', pipeline TEXT, outputs TEXT NOT NULL DEFAULT '[]', buffers TEXT NOT NULL DEFAULT '[]', tuning TEXT, sampling TEXT, skipped TEXT, devices TEXT, prepared REAL NOT NULL DEFAULT 0, judged_by TEXT);
INSERT INTO "runs" VALUES(1,'reads.fastq.gz','/data/reads.fastq.gz','gzip','completed','2025-11-21T09:00:00.000000+00:00','2025-11-21T09:01:00.000000+00:00','2025-11-21T09:02:00.000000+00:00','2025-11-21T09:02:00.000000+00:00',59.5,NULL,1000,1,12,168,41.5,33.25,NULL,NULL,'lab','{"host": "lab", "pid": 4711, "started": 1763715600.0}',NULL,'{"lanescope": "0.1.0"}','{"quality": 20}','{"size": 0, "capacity": 8, "high_water": 7, "push_blocked": 0.25, "pop_blocked": 1.75}','{"activities":["reading","parsing","computing","waiting"],"threads":[{"name":"read + parse","activity":"reading","batches":3,"busy":0.25,"shares":[[0.25,null,null,0.75]]},{"name":"worker 1","activity":"waiting","batches":3,"busy":0.5,"shares":[[null,null,null,1.0]]}]}','[]',NULL,'[]','[{"size": 4194304, "in_use": 0, "free": 2, "made": 2, "reused": 5}]','{"setting": {"workers": 2, "batch_bytes": 4194304, "in_flight_bytes": 41943040}, "is_frozen": false, "decisions": [{"time": 1.5, "verdict": "tried", "knob": "workers", "before": 1, "after": 2, "reason": "workers were busy 99 % of the time"}], "left_out": 0}','{"policy": "sample", "batches": 4, "reads": 12, "bases": 1400, "left_out_batches": 6, "left_out_reads": 18, "left_out_bases": 2100, "left_out_bytes": 4800, "margins": {"gc_percent": 0.5, "mean_quality": 0.25, "q30_percent": 1.5}}',NULL,'{"loads": [{"name": "cuda:0", "title": "Tesla", "state": "failed", "memory": 0, "batches": 1, "copying": 0.5, "counting": 0.25, "busy": 0.75, "queue_share": 0.125}], "choice": "", "warnings": ["cuda:0 cannot be used."]}',12.5,'{"name": "my_rna", "limits": {"title": "Our RNA", "description": "Reads of complementary DNA of messenger or total RNA.", "based_on": "rna_seq", "base_quality": {"shown": true, "lower_quartile": {"warn": 10.0, "fail": 5.0}, "median": {"warn": 25.0, "fail": 20.0}}, "tile_quality": {"shown": true, "deviation": {"warn": 5.0, "fail": 10.0}}, "sequence_quality": {"shown": true, "most_frequent": {"warn": 27.0, "fail": 20.0}}, "base_content": {"shown": true, "difference": {"warn": 25.0, "fail": 40.0}}, "gc_content": {"shown": true, "deviation": {"warn": 25.0, "fail": 45.0}}, "n_content": {"shown": true, "percent": {"warn": 5.0, "fail": 20.0}}, "lengths": {"shown": true, "different": "warn", "empty": "fail"}, "duplication": {"shown": true, "remaining": {"warn": 40.0, "fail": 20.0}}, "overrepresented": {"shown": true, "percent": {"warn": 0.5, "fail": 5.0}}, "adapters": {"shown": true, "percent": {"warn": 5.0, "fail": 10.0}}, "kmers": {"shown": false, "significance": {"warn": 2.0, "fail": 5.0}}}}');
INSERT INTO "runs" VALUES(2,'reads.fastq.gz','/data/reads.fastq.gz','gzip','failed','2025-11-21T10:00:00.000000+00:00','2025-11-21T10:01:00.000000+00:00','2025-11-21T10:02:00.000000+00:00','2025-11-21T10:02:00.000000+00:00',0.0,NULL,1000,1,0,0,0.0,0.0,NULL,NULL,'lab','{"host": "lab", "pid": 4711, "started": 1763715600.0}','{"title": "This is not valid FASTQ", "message": "reads.fastq.gz, record 3, line 9, byte 120: the header does not begin with @", "hint": "Mend it.", "record": 3, "line": 9, "offset": 120}','{"lanescope": "0.1.0"}','{"quality": 20}','{"size": 0, "capacity": 0, "high_water": 0, "push_blocked": 0.0, "pop_blocked": 0.0}','{"activities":["reading","parsing","computing","waiting"],"threads":[]}','[["/data/reads_R1.fastq.gz"], ["/data/reads_R2.fastq.gz"]]',NULL,'[]','[]',NULL,NULL,NULL,NULL,0.0,NULL);
CREATE TABLE samples (
            run_id INTEGER NOT NULL REFERENCES runs (run_id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            time REAL NOT NULL,
            reads INTEGER NOT NULL,
            bases INTEGER NOT NULL,
            bytes_read INTEGER NOT NULL,
            text_bytes INTEGER NOT NULL,
            queue_size INTEGER NOT NULL,
            memory INTEGER NOT NULL,
            PRIMARY KEY (run_id, position)
        ) WITHOUT ROWID;
INSERT INTO "samples" VALUES(1,0,0.0,0,0,0,0,0,100000000);
INSERT INTO "samples" VALUES(1,1,0.1,100,1400,300,3000,1,100000000);
INSERT INTO "samples" VALUES(1,2,0.2,200,2800,600,6000,2,100000000);
CREATE INDEX runs_listed ON runs (created, run_id) WHERE deleted_at IS NULL;
CREATE INDEX runs_by_state ON runs (state);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('runs',2);
COMMIT;
