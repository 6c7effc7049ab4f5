package syntax

import "strconv"

// generalizedTime is RFC 4517 §3.3.13.
func generalizedTime(s string) *Error {
	c := cursor{s: s}
	year, err := c.number(4, 0, 9999, "year")
	if err != nil {
		return err
	}
	if err := c.monthAndDay(year); err != nil {
		return err
	}
	if _, err := c.number(2, 0, 23, "hour"); err != nil {
		return err
	}
	if c.digit() {
		if _, err := c.number(2, 0, 59, "minute"); err != nil {
			return err
		}
		if c.digit() {
			if _, err := c.number(2, 0, 60, "second"); err != nil {
				return err
			}
		}
	}
	if c.take(".") || c.take(",") {
		n := digits(c.rest())
		if n == 0 {
			return c.unexpected("a digit of the fraction")
		}
		c.pos += n
	}
	return c.zone(false)
}

// utcTime is RFC 4517 §3.3.34.
func utcTime(s string) *Error {
	c := cursor{s: s}
	year, err := c.number(2, 0, 99, "year")
	if err != nil {
		return err
	}
	// Of the centuries that it can be of, one has a leap year in 00.
	if err := c.monthAndDay(2000 + year); err != nil {
		return err
	}
	if _, err := c.number(2, 0, 23, "hour"); err != nil {
		return err
	}
	if _, err := c.number(2, 0, 59, "minute"); err != nil {
		return err
	}
	if c.digit() {
		if _, err := c.number(2, 0, 59, "second"); err != nil {
			return err
		}
	}
	if c.end() {
		return nil
	}
	return c.zone(true)
}

// zone reads what a time ends with.
func (c *cursor) zone(minutes bool) *Error {
	if !c.take("Z") {
		if !c.take("+") && !c.take("-") {
			return c.unexpected(`"Z" or a difference from UTC`)
		}
		if _, err := c.number(2, 0, 23, "hour of the difference from UTC"); err != nil {
			return err
		}
		if minutes || c.digit() {
			if _, err := c.number(2, 0, 59, "minute of the difference from UTC"); err != nil {
				return err
			}
		}
	}
	if !c.end() {
		return c.unexpected("the end")
	}
	return nil
}

var (
	monthNames = [...]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"}
	monthDays  = [...]int{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}
)

func (c *cursor) monthAndDay(year int) *Error {
	month, err := c.number(2, 1, 12, "month")
	if err != nil {
		return err
	}
	start := c.pos
	day, err := c.number(2, 1, 31, "day")
	if err != nil {
		return err
	}
	most := monthDays[month-1]
	if month == 2 && year%4 == 0 && (year%100 != 0 || year%400 == 0) {
		most++
	}
	if day > most {
		return failAt(start, monthNames[month-1]+" has no day "+strconv.Itoa(day)+" in that year")
	}
	return nil
}

func (c *cursor) digit() bool { return !c.end() && isDigit(c.s[c.pos]) }

// number reads a number of so many digits.
func (c *cursor) number(width, low, high int, what string) (int, *Error) {
	n := 0
	for i := range width {
		if c.pos+i == len(c.s) || !isDigit(c.s[c.pos+i]) {
			return 0, unexpected(c.s, c.pos+i, "a digit of the "+what)
		}
		n = n*10 + int(c.s[c.pos+i]-'0')
	}
	if n < low || n > high {
		return 0, failAt(c.pos, "there is no "+what+" "+c.s[c.pos:c.pos+width])
	}
	c.pos += width
	return n, nil
}
