-- The settings of a queue are one document, so that a new one needs no migration. What it may hold, dev.carillon.store.QueueForm says.

ALTER TABLE queue ADD COLUMN settings JSONB NOT NULL DEFAULT '{}' CONSTRAINT queue_settings_form CHECK (jsonb_typeof(settings) = 'object');

UPDATE queue SET settings = jsonb_build_object(
  'strategy', lower(replace(strategy, '_', '-')),
  'ringSeconds', ring_seconds,
  'wrapUpSeconds', wrap_up_seconds,
  'musicClass', music_class,
  'greeting', greeting,
  'steps', COALESCE(
    (SELECT jsonb_agg(jsonb_build_object(
              'afterSeconds', after_seconds,
              'skills', COALESCE(
                (SELECT jsonb_object_agg(skill, level) FROM queue_step_skill
                 WHERE queue_step_skill.queue_id = queue_step.queue_id AND queue_step_skill.after_seconds = queue_step.after_seconds),
                '{}'))
            ORDER BY after_seconds)
     FROM queue_step WHERE queue_step.queue_id = queue.queue_id),
    '[]'));

DROP TABLE queue_step_skill;
DROP TABLE queue_step;

ALTER TABLE queue
  DROP COLUMN strategy,
  DROP COLUMN ring_seconds,
  DROP COLUMN wrap_up_seconds,
  DROP COLUMN music_class,
  DROP COLUMN greeting;
