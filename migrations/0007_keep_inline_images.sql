-- The bytes of pictures that stand in the page itself (data:); kept, so that a lost file can be made again.
create table inline (
    image_id integer primary key references image (id) on delete cascade,
    content blob not null
) strict;
