-- As for queues: the settings of an agent are one document. What it may hold, dev.carillon.store.AgentForm says. The queues that agents
-- serve stay in a table of their own, because each must exist.

ALTER TABLE agent ADD COLUMN settings JSONB NOT NULL DEFAULT '{}' CONSTRAINT agent_settings_form CHECK (jsonb_typeof(settings) = 'object');

UPDATE agent SET settings = jsonb_build_object(
  'skills', COALESCE(
    (SELECT jsonb_object_agg(skill, level) FROM agent_skill WHERE agent_skill.agent_id = agent.agent_id), '{}'),
  'reserveOf', '[]'::jsonb,
  'ranks', '{}'::jsonb);

DROP TABLE agent_skill;
