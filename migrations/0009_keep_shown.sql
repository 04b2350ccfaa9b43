-- Which pictures a page showed when it was read last, so that a page which shows the same as the one before it is
-- known: a number made of their addresses. Null where it showed none, or had no following page.
alter table page add column shown integer;
