from portal.web.public.room import public
@public.get("/search")
def search():
    return "x"
