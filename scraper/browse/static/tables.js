// What Datasette's table pages would read from a script within the page.
var DATASETTE_ALLOW_FACET = true;
