-- What a page was when it was read last, to be asked for on that condition: its ETag or Last-Modified as
-- the server sent it. Kept while the page waits to be asked for again; null where it is to be read
-- whatever it is.
alter table page add column validator text;
