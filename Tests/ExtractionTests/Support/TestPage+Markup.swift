extension TestPage {
    /// A listing page: items, lists, siblings of many kinds, nearly nothing without an `id`.
    static let listing = TestPage(
        """
        <!doctype html>
        <html id="html" lang="en"><head id="head"><title id="title">Pictures</title></head>
        <body id="body" class="list wide">
        <h1 id="h1" class="top head">Pictures of cats</h1>
        <div id="main" class="gallery main" data-kind="cats dogs">
        <a id="a1" class="col thumb" href="/p/1.html" rel="nofollow"><img id="i1" \
        src="/t/1.jpg" data-original="/pic/1.JPG" alt="One cat"><b id="b1">First cat</b></a>
        <a id="a2" class="thumb col new" href="/p/2.html"><img id="i2" src="/t/2.png" \
        data-original="/pic/2.png" alt=""><b id="b2">Second "cat"</b></a>
        <a id="a3" class="thumbnail" href="https://example.org/p/3.html" lang="en-US"><img id="i3" \
        src="/t/3.GIF" alt="It's a dog"><b id="b3">Third <i id="e3">dog</i></b></a>
        <a id="a4" class="Thumb" name="anchor"><b id="b4"></b></a>
        <a id="a5" class="col
        thumb" href=""><span id="s5"><img id="i5" src="/t/5.webp"></span></a>
        </div>
        <ul id="list" class="new">
        <li id="l1">one</li><li id="l2" class="new">two</li><li id="l3">three</li>
        <li id="l4" class="new">four</li><li id="l5" class="new old">five</li><li id="l6">six</li>
        <li id="l7" class="new">seven</li><li id="l8">eight</li><li id="l9">nine</li>
        </ul>
        <div id="mixed"><h2 id="m1">A</h2><p id="m2">a</p><p id="m3">b <em id="m3e">c</em></p>\
        <h2 id="m4">B</h2><p id="m5">d</p><span id="m6">e</span><h2 id="m7">C</h2></div>
        <div id="outer"><div id="inner"><div id="core"><p id="deep">deep</p></div></div></div>
        <div id="alone"><p id="only">alone</p></div>
        <div id="none"></div><div id="blank"> </div><div id="note"><!-- a note --></div>
        </body></html>
        """
    )

    /// Forms with controls in all states, and languages.
    static let forms = TestPage(
        """
        <html id="html"><body id="body" lang="zh-Hant-TW">
        <form id="form"><input id="text" type="text"><input id="box1" type="checkbox" checked>
        <input id="box2" type="Radio" checked="checked"><input id="box3" type="checkbox">
        <input id="odd" type="text" checked><input id="off" disabled>
        <select id="select"><option id="o1" selected>1</option><option id="o2">2</option>
        <optgroup id="group" disabled><option id="o3">3</option></optgroup></select>
        <textarea id="area" disabled></textarea><button id="button">b</button></form>
        <form id="fields"><fieldset id="f1" disabled><legend id="g1"><input id="c1"></legend>
        <legend id="g2"><input id="c2"></legend><input id="c3">
        <fieldset id="f2"><legend id="g3"><input id="c4"></legend></fieldset></fieldset></form>
        <a id="link" href="x">x</a><a id="anchor">y</a><map id="map"><area id="spot" href="z"></map>
        <p id="zh">z</p><p id="en" lang="EN-gb"><i id="eni">e</i></p><p id="de" lang="de">d</p>
        <p id="unknown" lang="">u</p><p id="end" lang="end">n</p></body></html>
        """
    )

    /// Names and values that need escapes.
    static let signs = TestPage(
        """
        <html id="html"><body id="body"><p id="a.b" class="x:y">1</p><p id="c#d" class="1st">2</p>
        <p id="q" title="both &quot; and '">3</p><p id="r" title="back\\slash">4</p>
        <p id="s" title="[a=b]">5</p><p id="图" class="图片 照片">6</p><p id="u" class="-dash --two">7</p>
        <p id="v" data-x.y="dot" title="a b">8</p><my-tag id="w" title="Straße ÄÖ">9</my-tag>
        <p id="x" title="a
        b">10</p><p id="z" xlink:href="far" title="">12</p></body></html>
        """
    )
}
